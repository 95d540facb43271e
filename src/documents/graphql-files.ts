import { createHash } from 'node:crypto';
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  Source,
  visit,
} from 'graphql';
import type { FoundFile } from './find-files.ts';
import type { FoundDocument } from './found-document.ts';

export interface GraphqlDocuments {
  readonly documents: readonly FoundDocument[];
  readonly mistakes: readonly string[];
  /** Files with nothing in them that can be asked, such as a schema. */
  readonly passedOver: readonly string[];
}

interface Fragment {
  readonly file: string;
  readonly definition: FragmentDefinitionNode;
}

/** One document for each operation, with the fragments that it needs, from whichever file they are in. */
export function toDocuments(files: readonly FoundFile[]): GraphqlDocuments {
  const mistakes: string[] = [];
  const passedOver: string[] = [];
  const operations: { readonly file: string; readonly definition: OperationDefinitionNode }[] = [];
  const fragments = new Map<string, readonly Fragment[]>();

  for (const { path, text } of files) {
    const definitions = parseFile(path, text);
    if (definitions instanceof GraphQLError) {
      mistakes.push(`${path}:${definitions.locations?.[0]?.line ?? 1}  ${definitions.message}`);
      continue;
    }
    const executable = definitions.filter(isExecutable);
    if (executable.length === 0) passedOver.push(path);
    for (const definition of executable) {
      if (definition.kind === Kind.OPERATION_DEFINITION) operations.push({ file: path, definition });
      else {
        const name = definition.name.value;
        fragments.set(name, [...(fragments.get(name) ?? []), { file: path, definition }]);
      }
    }
  }

  const documents = operations.map(({ file, definition }) => {
    const needed = fragmentsNeededBy(definition, file, fragments);
    const source: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition, ...needed] };
    const text = print(source);
    const id = createHash('sha256').update(text).digest('hex');
    return { id, text, file, operation: definition.name?.value ?? null, source };
  });
  return { documents, mistakes, passedOver };
}

function parseFile(path: string, text: string): readonly DefinitionNode[] | GraphQLError {
  try {
    return parse(new Source(text, path)).definitions;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function isExecutable(definition: DefinitionNode): definition is OperationDefinitionNode | FragmentDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION;
}

/**
 * In the order in which they are first used. Where files define a fragment differently and the file of the operation does not,
 * all are given, and validation says so; one that is nowhere is left out, and validation says that.
 */
function fragmentsNeededBy(
  operation: OperationDefinitionNode,
  file: string,
  known: ReadonlyMap<string, readonly Fragment[]>,
): readonly FragmentDefinitionNode[] {
  const needed = new Map<string, readonly FragmentDefinitionNode[]>();
  const collect = (definition: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(definition, {
      FragmentSpread({ name: { value: name } }) {
        if (needed.has(name)) return;
        const choice = choose(known.get(name) ?? [], file);
        needed.set(name, choice);
        for (const fragment of choice) collect(fragment);
      },
    });
  };
  collect(operation);
  return [...needed.values()].flat();
}

/** Those in the file of the operation come before those of other files; of several that say the same, one will do. */
function choose(fragments: readonly Fragment[], file: string): readonly FragmentDefinitionNode[] {
  const own = fragments.filter((fragment) => fragment.file === file);
  const choice = own.length > 0 ? own : fragments;
  return [...new Map(choice.map(({ definition }) => [print(definition), definition])).values()];
}
