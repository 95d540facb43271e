import {
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from './is-included.ts';
import type { ParsedOperation } from './operation.ts';

/** Whether an operation selects such a field of an object type: anywhere, with any alias, in any fragment, also of its interfaces. */
export function selectsField(
  parsed: ParsedOperation,
  typeName: string,
  isWanted: (fieldName: string) => boolean,
): boolean {
  const { schema, operation, fragments, variables } = parsed;
  const wantedType = schema.getType(typeName);
  const root = schema.getRootType(operation.operation);
  const visited = new Set<string>();

  function isIn({ selections }: SelectionSetNode, type: GraphQLNamedType): boolean {
    return selections.some((selection) => isIncluded(selection, variables) && isInSelection(selection, type));
  }

  function isInSelection(selection: SelectionNode, type: GraphQLNamedType): boolean {
    switch (selection.kind) {
      case Kind.FIELD: {
        if (mayBeWanted(type) && isWanted(selection.name.value)) return true;
        const below = typeBelow(type, selection.name.value);
        return selection.selectionSet !== undefined && below !== null && isIn(selection.selectionSet, below);
      }
      case Kind.INLINE_FRAGMENT:
        return isIn(selection.selectionSet, conditionOf(selection.typeCondition?.name.value, type));
      case Kind.FRAGMENT_SPREAD:
        return isInFragment(selection.name.value, type);
    }
  }

  function mayBeWanted(type: GraphQLNamedType): boolean {
    if (type.name === typeName) return true;
    return isAbstractType(type) && isObjectType(wantedType) && schema.isSubType(type, wantedType);
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
