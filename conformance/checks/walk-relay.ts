import {
  type ConcreteRequest,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getPaginationMetadata,
  getPaginationVariables,
  getRefetchMetadata,
  getSingularSelector,
  getValueAtPath,
  Network,
  type ReaderFragment,
  RecordSource,
  Store,
  type Variables,
} from 'relay-runtime';
import { askAt } from '../../examples/company/ask.ts';
import { must, mustEqual } from '../check.ts';
import type { Walk } from './clients.ts';

/** What `usePaginationFragment` does, without React around it. */
interface List {
  readonly query: string;
  readonly fragment: string;
  readonly variables: Variables;
  /** From the answer of the query to the object that has the fragment. */
  readonly path: readonly string[];
  readonly direction: 'forward' | 'backward';
  readonly size: number;
}

interface Connection {
  readonly edges: readonly { readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage?: boolean;
    readonly hasPreviousPage?: boolean;
    readonly startCursor?: string | null;
    readonly endCursor?: string | null;
  };
}

type Artifact<Kind> = { readonly default: Kind };

export function walkWithRelay(url: string, size: number): Promise<Walk> {
  return walk(url, {
    query: 'sessionListQuery',
    fragment: 'sessionList_query',
    variables: { count: size },
    path: [],
    direction: 'forward',
    size,
  });
}

export function walkBackWithRelay(url: string, sourceId: string, size: number): Promise<Walk> {
  return walk(url, {
    query: 'sourceSessionsQuery',
    fragment: 'sourceSessions_source',
    variables: { id: sourceId, count: size },
    path: ['source'],
    direction: 'backward',
    size,
  });
}

/** Reads a session by one query, then its fragment again by the query that the compiler derived from it. */
export async function refetchWithRelay(url: string, id: string): Promise<void> {
  const environment = createEnvironment(url);
  const query = await load<ConcreteRequest>('sessionDetailQuery');
  const fragment = await load<ReaderFragment>('sessionDetail_session');
  const first = await read(environment, query, { id }, ['session'], fragment);
  const { refetchableRequest } = getRefetchMetadata(fragment, 'the refetch');
  const other = createEnvironment(url);
  const again = await read(other, refetchableRequest, { id, withTeam: true }, ['node'], fragment);
  mustEqual(again.data, first.data, 'the refetched session');
}

async function walk(url: string, list: List): Promise<Walk> {
  const environment = createEnvironment(url);
  const query = await load<ConcreteRequest>(list.query);
  const fragment = await load<ReaderFragment>(list.fragment);
  const { connectionPathInFragmentData, paginationRequest, paginationMetadata } = getPaginationMetadata(
    fragment,
    'the walk',
  );
  let { data, variables } = await read(environment, query, list.variables, list.path, fragment);
  for (let pages = 1; ; pages += 1) {
    const { edges, pageInfo } = getValueAtPath(data, connectionPathInFragmentData) as unknown as Connection;
    const more = list.direction === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    must(more !== undefined, 'The compiler did not ask whether there is more.');
    if (!more) return { ids: edges.map(({ node }) => node.id), pages };
    const cursor = list.direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
    const next = getPaginationVariables(list.direction, list.size, cursor, variables, {}, paginationMetadata);
    // Of a list inside a node the next page is asked of that node.
    const id = list.variables.id === undefined ? {} : { id: list.variables.id };
    await fetchQuery(environment, paginationRequest, { ...next, ...id }).toPromise();
    ({ data, variables } = look(environment, query, list.variables, list.path, fragment));
  }
}

async function read(
  environment: Environment,
  query: ConcreteRequest,
  variables: Variables,
  path: readonly string[],
  fragment: ReaderFragment,
) {
  await fetchQuery(environment, query, variables).toPromise();
  return look(environment, query, variables, path, fragment);
}

/** What a component with this fragment sees in the store, with the variables that the fragment itself has. */
function look(
  environment: Environment,
  query: ConcreteRequest,
  variables: Variables,
  path: readonly string[],
  fragment: ReaderFragment,
) {
  const operation = createOperationDescriptor(query, variables);
  // Kept as long as the environment, as a mounted component would.
  environment.retain(operation);
  const root = getValueAtPath(environment.lookup(operation.fragment).data, path);
  const selector = getSingularSelector(fragment, root);
  must(selector !== null && selector !== undefined, 'There is nothing that has the fragment.');
  const snapshot = environment.lookup(selector);
  must(!snapshot.isMissingData, 'Data is missing in the store.');
  return { data: snapshot.data, variables: { ...selector.owner.variables, ...selector.variables } };
}

function createEnvironment(url: string): Environment {
  const ask = askAt(url);
  return new Environment({
    network: Network.create(async ({ text }, variables) => {
      if (text === null || text === undefined) throw new Error('The compiler wrote no text for a query.');
      const { data, errors } = await ask(text, variables);
      if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
      return { data: data as Record<string, unknown> };
    }),
    store: new Store(new RecordSource()),
  });
}

async function load<Kind>(artifact: string): Promise<Kind> {
  const file = new URL(`../.cache/relay/${artifact}.graphql.ts`, import.meta.url);
  return ((await import(file.href)) as Artifact<Kind>).default;
}
