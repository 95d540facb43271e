import { GraphQLError, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { extentOf } from '../query-extent.ts';

export interface ExtentLimits {
  readonly depth: number;
  readonly aliases: number;
}

export function useExtentLimit(limits: ExtentLimits): Plugin {
  const extentRule: ValidationRule = (context) => ({
    Document(document) {
      const extent = extentOf(document);
      const reject = (message: string) =>
        context.reportError(new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX' } }));
      if (extent.depth > limits.depth) reject(`The query is nested deeper than ${limits.depth} fields.`);
      if (extent.aliases > limits.aliases) reject(`The query has more than ${limits.aliases} aliases.`);
    },
  });
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(extentRule);
    },
  };
}
