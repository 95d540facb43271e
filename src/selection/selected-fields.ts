import { type GraphQLResolveInfo, isAbstractType, isObjectType, type SelectionNode } from 'graphql';
import { isIncluded } from '../selection/is-included.ts';

type FieldsByType = Map<string, ReadonlySet<string>>;

/** The fields of one operation are asked about for each row: by its variables, and then by the fields' own nodes. */
const known = new WeakMap<object, WeakMap<object, FieldsByType>>();

/** The names of the fields that are selected below this field for values of the given object type. */
export function selectedFields(info: GraphQLResolveInfo, typeName: string): ReadonlySet<string> {
  const byField = known.get(info.variableValues) ?? new WeakMap<object, FieldsByType>();
  known.set(info.variableValues, byField);
  const byType: FieldsByType = byField.get(info.fieldNodes) ?? new Map();
  byField.set(info.fieldNodes, byType);
  const names = byType.get(typeName) ?? findFields(info, typeName);
  byType.set(typeName, names);
  return names;
}

function findFields(info: GraphQLResolveInfo, typeName: string): ReadonlySet<string> {
  const type = info.schema.getType(typeName);
  const names = new Set<string>();
  const pending: SelectionNode[] = info.fieldNodes.flatMap((field) => field.selectionSet?.selections ?? []);
  for (const selection of pending) {
    if (!isIncluded(selection, info.variableValues)) continue;
    if (selection.kind === 'Field') {
      names.add(selection.name.value);
      continue;
    }
    const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
    if (fragment !== undefined && applies(fragment.typeCondition?.name.value ?? typeName)) {
      pending.push(...fragment.selectionSet.selections);
    }
  }
  return names;

  function applies(condition: string): boolean {
    const asked = info.schema.getType(condition);
    return (
      condition === typeName || (isAbstractType(asked) && isObjectType(type) && info.schema.isSubType(asked, type))
    );
  }
}
