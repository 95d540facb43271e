import { GraphQLError, type ValidationRule } from 'graphql';
import { extentOf } from './query-extent.ts';

export interface ExtentLimits {
  readonly depth: number;
  readonly aliases: number;
}

export function createExtentRule(limits: ExtentLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const extent = extentOf(document);
      const reject = (message: string) =>
        context.reportError(new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX' } }));
      if (extent.depth > limits.depth) reject(`The query is nested deeper than ${limits.depth} fields.`);
      if (extent.aliases > limits.aliases) reject(`The query has more than ${limits.aliases} aliases.`);
    },
  });
}
