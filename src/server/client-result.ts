import { type ExecutionResult, GraphQLError } from 'graphql';
import { toClientError } from './errors.ts';
import { requestIdOf } from './request-id.ts';

export interface ClientResultSettings {
  readonly suggestions: boolean;
  readonly report: (request: Request, error: unknown) => void;
}

/** What a client reads of a result: see errors.ts. */
export function toClientResult(
  request: Request,
  result: ExecutionResult,
  { suggestions, report }: ClientResultSettings,
): ExecutionResult {
  if (result.errors === undefined) return result;
  // A failure that Yoga takes for the caller's hanging up leaves an empty list, which is no answer.
  const errors = result.errors.length > 0 || result.data ? result.errors : [new Error('No data and no error.')];
  const settings = {
    suggestions,
    requestId: requestIdOf(request),
    report: (error: unknown) => report(request, error),
  };
  return { ...result, errors: errors.map((error) => toClientError(toGraphQLError(error), settings)) };
}

function toGraphQLError(error: Error): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
}
