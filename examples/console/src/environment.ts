import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  type MissingFieldHandler,
  Network,
  RecordSource,
  ROOT_TYPE,
  Store,
} from 'relay-runtime';
import { GraphError } from './graph-error.ts';

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** Sends the id of a trusted document, never a text: relay-compiler has written the texts to a file for the server. */
const ask: FetchFunction = async ({ id, name }, variables) => {
  let response: Response;
  let answer: Answer;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ documentId: id, operationName: name, variables }),
    });
    answer = await response.json();
  } catch {
    throw new GraphError('The graph does not answer.', 'UNREACHABLE');
  }
  const { data = null, errors = [] } = answer;
  // A page shows what it has. Where a whole field of `Query` is missing there is nothing to show.
  const fatal = data === null ? errors[0] : errors.find(({ path }) => path?.length === 1);
  if (fatal !== undefined) throw new GraphError(fatal.message, String(fatal.extensions?.code ?? 'UNKNOWN'));
  if (data === null) throw new GraphError('The graph sent no answer.', 'UNKNOWN');
  return { data, errors } as GraphQLResponse;
};

const lookups = new Set(['node', 'session', 'agent', 'team', 'workflow', 'source']);

/** A record that a list has brought is found by its id: a session opens with what the row knew, while the rest is on its way. */
const byId: MissingFieldHandler = {
  kind: 'linked',
  handle(field, parent, { id }, store) {
    if (parent?.getType() !== ROOT_TYPE || !lookups.has(field.name) || typeof id !== 'string') return undefined;
    return store.get(id) === undefined ? undefined : id;
  },
};

export const environment = new Environment({
  network: Network.create(ask),
  // The lists that were left last, so that going back shows them as they were.
  store: new Store(new RecordSource(), { gcReleaseBufferSize: 20 }),
  missingFieldHandlers: [byId],
});
