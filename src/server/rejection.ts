import { GraphQLError } from 'graphql';

/** A request that is well-formed and not answered all the same; `status` is for clients that want it told by HTTP. */
export function rejection(code: string, message: string, status = 400): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { spec: true, status } } });
}
