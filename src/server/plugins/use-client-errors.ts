import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { toClientError } from '../errors.ts';
import { requestIdOf } from '../request-id.ts';

export interface ClientErrorSettings {
  readonly suggestions: boolean;
  readonly report: (request: Request, error: unknown) => void;
}

/** Every answer passes here, also those to requests that were never executed. */
export function useClientErrors({ suggestions, report }: ClientErrorSettings): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (!('errors' in result) || result.errors === undefined) return;
      // A failure that Yoga takes for the caller's hanging up leaves an empty list, which is no answer.
      const errors = result.errors.length > 0 || result.data ? result.errors : [new Error('No data and no error.')];
      const settings = {
        suggestions,
        requestId: requestIdOf(request),
        report: (error: unknown) => report(request, error),
      };
      setResult({ ...result, errors: errors.map((error) => toClientError(toGraphQLError(error), settings)) });
    },
  };
}

function toGraphQLError(error: Error): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
}
