import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  graphql,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxSourceIds } from '../src/sandbox/sandbox.ts';
import { createHarness, type Harness } from './harness.ts';
import { type Sandbox, startSandbox } from './sandbox-controls/sandbox.ts';
import { schema } from './schema/execute.ts';

// One id, one story: a normalised cache of a client keeps one object for an id, whatever field it came from. So every path
// that answers an id must answer the same for every field. Each path is asked in an operation of its own, which shares
// nothing with the others.

let sandbox: Sandbox;
let harness: Harness;

beforeAll(async () => {
  sandbox = await startSandbox({ size: 240 });
  harness = createHarness(
    sandbox.sources.map(({ id, provider, platform }) => ({
      id,
      provider,
      url: platform.url,
      user: provider === 'agentscope' ? 'alice' : null,
    })),
  );
});

afterAll(async () => {
  await harness.close();
  await sandbox.close();
});

type Fields = Readonly<Record<string, unknown>>;

async function ask(source: string, variables: Fields = {}): Promise<Fields> {
  const { data, errors } = await graphql({
    schema,
    source,
    variableValues: variables,
    contextValue: harness.operation(),
  });
  if (errors?.[0] !== undefined) throw errors[0];
  return JSON.parse(JSON.stringify(data));
}

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`There is no type ${name}.`);
  return type;
}

function isNode(type: GraphQLNamedType): boolean {
  return isObjectType(type)
    ? type.getInterfaces().some(({ name }) => name === 'Node')
    : isInterfaceType(type) && type.name !== 'Node' && type.getInterfaces().some(({ name }) => name === 'Node');
}

const isConnection = (type: GraphQLNamedType) => type.name.endsWith('Connection');

/**
 * Every field of the type: values, objects whole, and of each neighbour its values. What may be of several types is asked
 * under an alias for each, since fields of one name may be of different types.
 */
function everything(type: GraphQLNamedType, depth: 'whole' | 'values' = 'whole'): string {
  if (isInterfaceType(type)) {
    const fragments = schema.getPossibleTypes(type).map((each) => {
      const fields = Object.values(each.getFields()).map((field) => selection(field, depth, `${each.name}_`));
      return `... on ${each.name} { ${fields.join(' ')} }`;
    });
    return `__typename id ${fragments.join(' ')}`;
  }
  if (!isObjectType(type)) throw new Error(`${type.name} has no fields.`);
  const fields = Object.values(type.getFields()).map((field) => selection(field, depth, ''));
  return `__typename ${fields.join(' ')}`;
}

function selection(field: GraphQLField<unknown, unknown>, depth: 'whole' | 'values', prefix: string): string {
  const type = getNamedType(field.type);
  const name = prefix === '' ? field.name : `${prefix}${field.name}: ${field.name}`;
  if (isLeafType(type)) return name;
  if (isConnection(type)) return '';
  const isNeighbour = isNode(type) || type.name === 'Session';
  if (isNeighbour && depth === 'values') return '';
  return `${name} { ${everything(type, isNeighbour ? 'values' : depth)} }`;
}

interface Told {
  readonly path: string;
  readonly object: Fields;
}

/** What each path told of each id. */
type Stories = Map<string, Told[]>;

function tell(stories: Stories, path: string, object: unknown): void {
  if (typeof object !== 'object' || object === null || !('id' in object)) return;
  const id = String(object.id);
  const told = stories.get(id) ?? [];
  told.push({ path, object: { ...object } });
  stories.set(id, told);
}

/** Where two paths differ, each difference as a line that a person can read. */
function differences(stories: Stories): string[] {
  return [...stories.values()].flatMap(([first, ...others]) =>
    others.flatMap(({ path, object }) =>
      Object.keys({ ...first?.object, ...object })
        .filter((field) => JSON.stringify(first?.object[field]) !== JSON.stringify(object[field]))
        .map((field) => {
          const show = (value: unknown) => JSON.stringify(value)?.slice(0, 200);
          return `${String(object.nativeId ?? object.id)} ${field}: ${first?.path} ${show(first?.object[field])}, ${path} ${show(object[field])}`;
        }),
    ),
  );
}

async function listAll(sourceId: string, field: string, selected: string): Promise<readonly Fields[]> {
  const all: Fields[] = [];
  for (let after: unknown = null; ; ) {
    const data = await ask(
      `query ($id: ID!, $after: String) { source(id: $id) { ${field}(first: 100, after: $after) {
        nodes { ${selected} } pageInfo { hasNextPage endCursor } outcomes { status }
      } } }`,
      { id: sourceId, after },
    );
    const { nodes, pageInfo, outcomes } = (data.source as Record<string, never>)[field] as unknown as {
      readonly nodes: readonly Fields[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly outcomes: readonly Fields[];
    };
    expect(outcomes).toEqual([{ status: 'COMPLETE' }]);
    all.push(...nodes);
    if (!pageInfo.hasNextPage) return all;
    after = pageInfo.endCursor;
  }
}

/** Each by itself: what one operation has read of one must not help another. */
async function tellById(stories: Stories, ids: readonly string[], type: string, entrances: Entrances): Promise<void> {
  const all = everything(objectType(type));
  for (const id of ids) {
    const { node } = await ask(`query ($id: ID!) { node(id: $id) { ... on ${type} { ${all} } } }`, { id });
    tell(stories, 'node', node ?? { id, missing: true });
  }
  if (entrances.one !== null) {
    for (const id of ids) {
      const data = await ask(`query ($id: ID!) { one: ${entrances.one}(id: $id) { ... on ${type} { ${all} } } }`, {
        id,
      });
      tell(stories, entrances.one, data.one ?? { id, missing: true });
    }
  }
  if (entrances.many !== null) {
    for (let at = 0; at < ids.length; at += 50) {
      const some = ids.slice(at, at + 50);
      const data = await ask(
        `query ($ids: [ID!]!) { many: ${entrances.many}(ids: $ids) { ... on ${type} { ${all} } } }`,
        { ids: some },
      );
      const many = data.many as readonly unknown[];
      for (const [index, id] of some.entries()) tell(stories, entrances.many, many[index] ?? { id, missing: true });
    }
  }
  for (const typename of entrances.typenames) {
    const { _entities: entities } = await ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${all} } } }`,
      { representations: ids.map((id) => ({ __typename: typename, id })) },
    );
    const found = entities as readonly unknown[];
    for (const [index, id] of ids.entries()) {
      tell(stories, `_entities(${typename})`, found[index] ?? { id, missing: true });
    }
  }
}

interface Entrances {
  readonly one: string | null;
  readonly many: string | null;
  readonly typenames: readonly string[];
}

/** The entrances of the graph to things of an interface, or of a type that has none. */
function entrancesTo(type: string): Entrances {
  const fields = schema.getQueryType()?.getFields() ?? {};
  const names = ['Session', 'Agent', 'Team', 'Workflow'].filter((name) => type.endsWith(name));
  const [word = null] = names.map((name) => name.toLowerCase());
  const entrance = (name: string) => (name in fields ? name : null);
  return {
    one: word === null ? null : entrance(word),
    many: word === null ? null : entrance(`${word}sById`),
    typenames: [type, ...names.filter((name) => isInterfaceType(schema.getType(name)))],
  };
}

const prefixOf = { foundry: 'Foundry', everruns: 'Everruns', agentscope: 'AgentScope', agno: 'Agno' } as const;

function typeNameOf(sourceId: string, entity: string): string {
  const source = sandbox.sources.find(({ id }) => id === sourceId);
  if (source === undefined) throw new Error(`There is no source ${sourceId}.`);
  return `${prefixOf[source.provider]}${entity}`;
}

const idsOf = (stories: Stories) => [...stories.keys()];

describe.each(sandboxSourceIds)('%s', (sourceId) => {
  test('a session is the same in a list, by its id, by its native id, in a batch and for a gateway', async () => {
    const type = typeNameOf(sourceId, 'Session');
    const stories: Stories = new Map();
    const listed = await listAll(sourceId, 'sessions', `... on ${type} { ${everything(objectType(type))} }`);
    for (const session of listed) tell(stories, 'sessions', session);
    // Foundry keeps sessions in its lists that it no longer answers alone: by their ids they are gone.
    const isGone = ({ nativeStatus }: Fields) =>
      sourceId === 'foundry' && /^(deleted|expired)$/i.test(String(nativeStatus));
    const gone = listed.filter(isGone).map(({ id }) => String(id));
    for (const id of gone) stories.delete(id);
    expect(stories.size).toBeGreaterThan(10);
    await tellById(stories, idsOf(stories), type, entrancesTo(type));
    const firsts = [...stories.values()].flatMap(([first]) => (first === undefined ? [] : [first.object]));
    for (let at = 0; at < firsts.length; at += 20) {
      const some = firsts.slice(at, at + 20);
      const { sessions } = await ask(
        `query ($filter: SessionFilter) { sessions(first: 100, filter: $filter) { nodes { ... on ${type} { ${everything(objectType(type))} } } } }`,
        { filter: { sources: [sourceId], nativeIds: some.map(({ nativeId }) => nativeId) } },
      );
      const { nodes } = sessions as { readonly nodes: readonly Fields[] };
      expect(nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(some.map(({ id }) => id)));
      for (const node of nodes) tell(stories, 'filter.nativeIds', node);
    }
    expect(differences(stories)).toEqual([]);

    const ofGone: Stories = new Map();
    await tellById(ofGone, gone, type, entrancesTo(type));
    expect([...ofGone.values()].flat().filter(({ object }) => object.missing !== true)).toEqual([]);
  });

  test.each(['Agent', 'Team', 'Workflow', 'AgentVersion'])(
    'what is %s is the same in a list, as a neighbour, by its id, in a batch and for a gateway',
    async (entity) => {
      const type = typeNameOf(sourceId, entity);
      if (schema.getType(type) === undefined) return;
      const all = `... on ${type} { ${everything(objectType(type))} }`;
      const stories: Stories = new Map();
      const list = `${entity.toLowerCase()}s`;
      if (list in objectType('Source').getFields()) {
        for (const each of await listAll(sourceId, list, all)) tell(stories, list, each);
      }
      for (const { typeName, field } of neighboursOf(type)) {
        const parents = await listAll(
          sourceId,
          `${typeName.endsWith('Session') ? 'session' : typeName.endsWith('Agent') ? 'agent' : 'team'}s`,
          `... on ${typeName} { neighbour: ${field} { ${all} } }`,
        );
        for (const { neighbour } of parents) {
          for (const each of [neighbour].flat()) tell(stories, `${typeName}.${field}`, each);
        }
      }
      if (entity !== 'Team' || sourceId !== 'agentscope-records') expect(stories.size).toBeGreaterThan(0);
      await tellById(stories, idsOf(stories), type, entrancesTo(type));
      expect(differences(stories)).toEqual([]);
    },
  );

  /** The fields by which listed things refer to things of this type. */
  function neighboursOf(type: string) {
    return ['Session', 'Agent', 'Team'].flatMap((entity) => {
      const parent = schema.getType(typeNameOf(sourceId, entity));
      if (!isObjectType(parent)) return [];
      return Object.values(parent.getFields())
        .filter((field) => {
          const target = getNamedType(field.type);
          if (field.args.length > 0 || !isNode(target)) return false;
          return (
            target.name === type ||
            (isInterfaceType(target) && schema.getPossibleTypes(target).some(({ name }) => name === type))
          );
        })
        .map((field) => ({ typeName: parent.name, field: field.name }));
    });
  }
});
