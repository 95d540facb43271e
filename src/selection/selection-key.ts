import type { DocumentNode } from 'graphql';
import type { ExecutionRequest } from './operation.ts';

const known = new WeakMap<DocumentNode, number>();
let count = 0;

/** The same for two requests only if they execute the same operation of the same document with the same variables. */
export function toSelectionKey({ document, operationName, variableValues }: ExecutionRequest): string {
  const number = known.get(document) ?? ++count;
  known.set(document, number);
  return JSON.stringify([number, operationName ?? null, variableValues ?? {}]);
}
