import type { GraphQLError } from 'graphql';
import type { OperationResult } from '../metrics/metrics.ts';

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[] | undefined;
}

/** What became of an operation, from what the client reads. */
export function toOperationResult({ data, errors = [] }: Answer): OperationResult {
  if (errors.length === 0) return 'ok';
  if (hasData(data)) return 'partial';
  return errors.some(isOurs) ? 'failed' : 'refused';
}

/** A field at the top that failed is null, and there may be no other. */
function hasData(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.values(data).some((value) => value !== null);
}

/** Whether a source or this server failed. An id that must not be sent to a platform is the request's mistake. */
function isOurs({ extensions }: GraphQLError): boolean {
  const code = String(extensions.code);
  if (code === 'UPSTREAM_UNSAFE_ID') return false;
  return code.startsWith('UPSTREAM_') || code === 'SOURCES_FAILED' || code === 'INTERNAL_SERVER_ERROR';
}
