import { type GraphQLField, type GraphQLNamedType, getNamedType, isCompositeType } from 'graphql';
import { maxTop, usualTop } from '../catalog/query.ts';
import { defaultPageSize, maxPageSize } from '../pagination/arguments.ts';

/** A connection may ask every source. */
const connectionCost = 10;

/** What gateways take for an object that says nothing else, too. */
const objectCost = 1;

/** Types and fields for which the catalog looks at all its sessions, each time. A facet has others to look at than the list. */
const weights: ReadonlyMap<string, number> = new Map([
  ['CatalogSessionConnection', 200],
  ['CatalogSessionConnection.totalCount', 100],
  ['CatalogFacet', 200],
]);

/** The items of a list of which neither the query nor its arguments say how many there are. */
export const usualListSize = 5;

/** Arguments that size lists right below their field. */
export interface Slicing {
  readonly by: readonly string[];
  readonly lists: readonly string[];
  /** Where none of the arguments is given. */
  readonly usual: number;
  /** A larger size is refused by the field itself, with a clearer message. */
  readonly most: number;
}

const slicings: readonly Slicing[] = [
  { by: ['first', 'last'], lists: ['edges', 'nodes'], usual: defaultPageSize, most: maxPageSize },
  { by: ['top'], lists: ['values'], usual: usualTop, most: maxTop },
];

type Field = GraphQLField<unknown, unknown>;

export function slicingOf({ args }: Field): Slicing | null {
  return slicings.find(({ by }) => args.some(({ name }) => by.includes(name))) ?? null;
}

/** Null for a field that says nothing of its own. */
export function weightOfField(parent: GraphQLNamedType, field: Field): number | null {
  return weights.get(`${parent.name}.${field.name}`) ?? null;
}

/** Of each that a field answers; null for what is no connection and looks at nothing in the catalog. */
export function weightOfType(field: Field): number | null {
  const isPage = field.args.some(({ name }) => name === 'first');
  return weights.get(getNamedType(field.type).name) ?? (isPage ? connectionCost : null);
}

/** What each that a field answers costs, without what is below it. */
export function ownCost(parent: GraphQLNamedType, field: Field): number {
  const usual = isCompositeType(getNamedType(field.type)) ? objectCost : 0;
  return weightOfField(parent, field) ?? weightOfType(field) ?? usual;
}
