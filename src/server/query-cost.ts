import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { ownCost, slicingOf, usualListSize } from '../schema/cost.ts';
import type { ParsedOperation } from '../selection/operation.ts';

/**
 * What a query may cost at most, before anything of it is known:
 *
 *     cost(field) = size * (own + sum of cost(fields below))
 *
 * own  = 0 for a value, 1 for an object, 10 for a connection, which may ask every source, and more for what the catalog counts;
 * size = 1 for all but lists. Of lists: `first` or `last` for `edges` and `nodes` of a connection (20 when not given), `top` for
 *        the values of a facet, how many ids, representations or fields were given for a list of them, 5 for any other list.
 *
 * Gateways count the same by the directives of schema/cost-directives.ts, as far as those can say it. Introspection is free: it
 * asks nobody, and its depth has a limit of its own.
 */
export function costOf({ schema, operation, fragments, variables }: ParsedOperation): number {
  const known = new Map<string, number>();

  function ofSelections(selectionSet: SelectionSetNode, type: GraphQLNamedType, sized: Sized | null): number {
    return selectionSet.selections.reduce((sum, selection) => {
      switch (selection.kind) {
        case Kind.FIELD:
          return sum + ofField(selection, type, sized);
        case Kind.INLINE_FRAGMENT: {
          const name = selection.typeCondition?.name.value;
          const condition = name === undefined ? type : (schema.getType(name) ?? type);
          return sum + ofSelections(selection.selectionSet, condition, sized);
        }
        case Kind.FRAGMENT_SPREAD:
          return sum + ofFragment(selection.name.value, sized);
        default:
          return sum;
      }
    }, 0);
  }

  function ofFragment(name: string, sized: Sized | null): number {
    const key = `${name} ${sized?.size} ${sized?.lists}`;
    const fragment = fragments.get(name);
    const type = fragment === undefined ? undefined : schema.getType(fragment.typeCondition.name.value);
    if (fragment === undefined || type === undefined) return 0;
    const cost = known.get(key) ?? ofSelections(fragment.selectionSet, type, sized);
    known.set(key, cost);
    return cost;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType, sized: Sized | null): number {
    const field = node.name.value.startsWith('__') ? undefined : fieldOf(parent, node.name.value);
    if (field === undefined) return 0;
    const own = ownCost(parent, field);
    if (node.selectionSet === undefined) return own;
    const given = argumentsOf(field, node);
    const below = ofSelections(node.selectionSet, getNamedType(field.type), sizedBelow(field, given));
    if (!isListType(getNullableType(field.type))) return own + below;
    const items = Object.values(given).find((value) => Array.isArray(value));
    const size = Array.isArray(items) ? items.length : usualListSize;
    return (sized?.lists.includes(field.name) ? sized.size : size) * (own + below);
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Readonly<Record<string, unknown>> {
    try {
      return getArgumentValues(field, node, variables);
    } catch {
      // Arguments that cannot be read fail their field when it is executed.
      return {};
    }
  }

  const root = schema.getRootType(operation.operation);
  return root === undefined || root === null ? 0 : ofSelections(operation.selectionSet, root, null);
}

/** What whoever sends a query that costs too much is told; null when it does not. */
export function costRefusal(cost: number, maxCost: number): string | null {
  if (cost <= maxCost) return null;
  return `The query costs ${cost}, and the maximum is ${maxCost}. Request smaller pages or fewer nested lists.`;
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isCompositeType(type) && !isUnionType(type) ? type.getFields()[name] : undefined;
}

/** The lists right below a field whose size its arguments say. */
interface Sized {
  readonly lists: readonly string[];
  readonly size: number;
}

function sizedBelow(field: GraphQLField<unknown, unknown>, given: Readonly<Record<string, unknown>>): Sized | null {
  const slicing = slicingOf(field);
  if (slicing === null) return null;
  const { by, lists, usual, most } = slicing;
  const size = by.map((name) => given[name]).find((value) => typeof value === 'number') ?? usual;
  return { lists, size: Math.min(Math.max(Number(size), 1), most) };
}
