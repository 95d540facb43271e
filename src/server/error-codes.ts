import type { ExecutionResult } from 'graphql';

/** The codes of an answer's errors, each once. */
export function codesOf(result: object): readonly string[] {
  const { errors = [] } = result as ExecutionResult;
  return [...new Set(errors.map(({ extensions }) => String(extensions.code ?? 'UNKNOWN')))];
}
