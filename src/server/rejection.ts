import { GraphQLError } from 'graphql';

/** A query that is well-formed and not answered all the same. By HTTP it is told to those who accept GraphQL's own media type. */
export function rejection(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { spec: true, status: 400 } } });
}

/** A request that is no GraphQL request at all. */
export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}
