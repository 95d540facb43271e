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
import { defaultPageSize, maxPageSize } from '../pagination/arguments.ts';
import { connectionCost, isConnectionField, objectCost, usualListSize } from '../schema/cost.ts';
import type { ParsedOperation } from '../selection/operation.ts';

/**
 * What a query may cost at most, before anything of it is known:
 *
 *     cost(field) = own + size * sum of cost(fields below)
 *
 * own  = 0 for a value, 1 for an object, 10 for a connection, which may ask every source;
 * size = `first` or `last` (20 when not given) for a connection, how many ids or representations were given for a list of
 *        them, 1 for a list right in a connection (its nodes are counted there), 5 for any other list, 1 for all else.
 *
 * Introspection is free: it asks nobody, and its depth has a limit of its own.
 */
export function costOf({ schema, operation, fragments, variables }: ParsedOperation): number {
  const known = new Map<string, number>();

  function ofSelections(selectionSet: SelectionSetNode, type: GraphQLNamedType, inConnection: boolean): number {
    return selectionSet.selections.reduce((sum, selection) => {
      switch (selection.kind) {
        case Kind.FIELD:
          return sum + ofField(selection, type, inConnection);
        case Kind.INLINE_FRAGMENT: {
          const name = selection.typeCondition?.name.value;
          const condition = name === undefined ? type : (schema.getType(name) ?? type);
          return sum + ofSelections(selection.selectionSet, condition, inConnection);
        }
        case Kind.FRAGMENT_SPREAD:
          return sum + ofFragment(selection.name.value, inConnection);
        default:
          return sum;
      }
    }, 0);
  }

  function ofFragment(name: string, inConnection: boolean): number {
    const key = `${name} ${inConnection}`;
    const fragment = fragments.get(name);
    const type = fragment === undefined ? undefined : schema.getType(fragment.typeCondition.name.value);
    if (fragment === undefined || type === undefined) return 0;
    const cost = known.get(key) ?? ofSelections(fragment.selectionSet, type, inConnection);
    known.set(key, cost);
    return cost;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType, inConnection: boolean): number {
    const field = node.name.value.startsWith('__') ? undefined : fieldOf(parent, node.name.value);
    const type = field === undefined ? undefined : getNamedType(field.type);
    if (field === undefined || !isCompositeType(type) || node.selectionSet === undefined) return 0;
    const isConnection = isConnectionField(field);
    const below = ofSelections(node.selectionSet, type, isConnection);
    if (isConnection) return connectionCost + pageSize(argumentsOf(field, node)) * below;
    if (!isListType(getNullableType(field.type)) || inConnection) return objectCost + below;
    const given = Object.values(argumentsOf(field, node)).find((value) => Array.isArray(value));
    return objectCost + (Array.isArray(given) ? given.length : usualListSize) * below;
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
  return root === undefined || root === null ? 0 : ofSelections(operation.selectionSet, root, false);
}

/** What whoever sends a query that costs too much is told; null when it does not. */
export function costRefusal(cost: number, maxCost: number): string | null {
  if (cost <= maxCost) return null;
  return `The query costs ${cost}, and the maximum is ${maxCost}. Request smaller pages or fewer nested lists.`;
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isCompositeType(type) && !isUnionType(type) ? type.getFields()[name] : undefined;
}

function pageSize(given: Readonly<Record<string, unknown>>): number {
  const size = given.first ?? given.last ?? defaultPageSize;
  // A larger page is refused by the connection itself, with a clearer message.
  return typeof size === 'number' ? Math.min(Math.max(size, 1), maxPageSize) : defaultPageSize;
}
