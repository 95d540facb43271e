import { GraphQLError } from 'graphql';

/** A well-formed query that is not executed. The status is 400 only for `application/graphql-response+json`. */
export function queryError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { spec: true, status: 400 } } });
}

/** A request that is not a GraphQL request. */
export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

export function tooLarge(): GraphQLError {
  const extensions = { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } };
  return new GraphQLError('Request body too large', { extensions });
}
