import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** How deep the fields of a document are nested, and how many of them have an alias, as if fragments were written out. */
export interface QueryExtent {
  readonly depth: number;
  readonly aliases: number;
}

const nothing: QueryExtent = { depth: 0, aliases: 0 };

export function extentOf(document: DocumentNode): QueryExtent {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, QueryExtent>();

  function ofFragment(name: string): QueryExtent {
    const extent = known.get(name);
    if (extent !== undefined) return extent;
    // Until it is known, and for good when it contains itself: that is refused elsewhere.
    known.set(name, nothing);
    const fragment = fragments.get(name);
    const found = fragment === undefined ? nothing : ofSelections(fragment.selectionSet);
    known.set(name, found);
    return found;
  }

  function ofSelections({ selections }: SelectionSetNode): QueryExtent {
    return selections.reduce<QueryExtent>((whole, selection) => {
      switch (selection.kind) {
        case Kind.FRAGMENT_SPREAD:
          return both(whole, ofFragment(selection.name.value));
        case Kind.INLINE_FRAGMENT:
          return both(whole, ofSelections(selection.selectionSet));
        case Kind.FIELD: {
          const below = selection.selectionSet === undefined ? nothing : ofSelections(selection.selectionSet);
          const own = selection.alias === undefined ? 0 : 1;
          return both(whole, { depth: below.depth + 1, aliases: below.aliases + own });
        }
        default:
          return whole;
      }
    }, nothing);
  }

  return document.definitions.reduce<QueryExtent>(
    (whole, definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? both(whole, ofSelections(definition.selectionSet)) : whole,
    nothing,
  );
}

function both(left: QueryExtent, right: QueryExtent): QueryExtent {
  return { depth: Math.max(left.depth, right.depth), aliases: left.aliases + right.aliases };
}
