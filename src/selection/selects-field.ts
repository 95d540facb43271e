import {
  type GraphQLNamedType,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from './is-included.ts';
import type { ParsedOperation } from './operation.ts';

/** Whether an operation selects a field of an object type: anywhere, with any alias, in any fragment. */
export function selectsField(parsed: ParsedOperation, typeName: string, fieldName: string): boolean {
  const { schema, operation, fragments, variables } = parsed;
  const root = schema.getRootType(operation.operation);
  const visited = new Set<string>();

  function isIn({ selections }: SelectionSetNode, type: GraphQLNamedType): boolean {
    return selections.some((selection) => isIncluded(selection, variables) && isInSelection(selection, type));
  }

  function isInSelection(selection: SelectionNode, type: GraphQLNamedType): boolean {
    switch (selection.kind) {
      case Kind.FIELD: {
        if (type.name === typeName && selection.name.value === fieldName) return true;
        const below = typeBelow(type, selection.name.value);
        return selection.selectionSet !== undefined && below !== null && isIn(selection.selectionSet, below);
      }
      case Kind.INLINE_FRAGMENT:
        return isIn(selection.selectionSet, conditionOf(selection.typeCondition?.name.value, type));
      case Kind.FRAGMENT_SPREAD:
        return isInFragment(selection.name.value, type);
    }
  }

  function isInFragment(name: string, type: GraphQLNamedType): boolean {
    const fragment = fragments.get(name);
    if (fragment === undefined || visited.has(name)) return false;
    visited.add(name);
    return isIn(fragment.selectionSet, conditionOf(fragment.typeCondition.name.value, type));
  }

  function conditionOf(name: string | undefined, type: GraphQLNamedType): GraphQLNamedType {
    return (name === undefined ? undefined : schema.getType(name)) ?? type;
  }

  return root !== null && root !== undefined && isIn(operation.selectionSet, root);
}

function typeBelow(type: GraphQLNamedType, fieldName: string): GraphQLNamedType | null {
  const field = isCompositeType(type) && !isUnionType(type) ? type.getFields()[fieldName] : undefined;
  return field === undefined ? null : getNamedType(field.type);
}
