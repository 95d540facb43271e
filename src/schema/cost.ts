import type { GraphQLField } from 'graphql';

/** A connection may ask every source. */
export const connectionCost = 10;

/** What gateways take for an object that says nothing else, too. */
export const objectCost = 1;

/** The items of a list of which neither the query nor its arguments say how many there are. */
export const usualListSize = 5;

/** Whether a field answers a page, which `first` or `last` size. */
export function isConnectionField({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.some(({ name }) => name === 'first');
}
