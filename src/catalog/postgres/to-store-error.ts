import { z } from 'zod';
import { CatalogStoreError } from '../catalog-store-error.ts';

const withCode = z.object({ code: z.string() });
const unreachable = /^(E[A-Z]+|CONNECT|CONNECTION_|TIMEOUT$|08|57P|53300|28|3D)/;

/** Messages of PostgreSQL and of sockets quote what was sent, names and addresses: only their codes are told. */
export function toStoreError(error: unknown): CatalogStoreError {
  if (error instanceof CatalogStoreError) return error;
  return createStoreError(withCode.safeParse(error).data?.code ?? 'UNKNOWN');
}

export function createStoreError(reason: string): CatalogStoreError {
  return new CatalogStoreError(reason, toSentence(reason));
}

/** Whether there was no connection, or is none any more. */
export function isUnreachable({ reason }: CatalogStoreError): boolean {
  return unreachable.test(reason);
}

function toSentence(reason: string): string {
  if (reason === '57014') return 'The database of the catalog took too long.';
  if (reason === '42501') return 'The database of the catalog does not permit what is needed (42501).';
  if (unreachable.test(reason)) return `The database of the catalog cannot be reached (${reason}).`;
  return `The database of the catalog failed (${reason}).`;
}
