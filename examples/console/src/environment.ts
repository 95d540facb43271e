import {
  Environment,
  type FetchFunction,
  type MissingFieldHandler,
  Network,
  Observable,
  type PayloadData,
  type PayloadError,
  RecordSource,
  type RequestParameters,
  ROOT_TYPE,
  Store,
  type SubscribeFunction,
  type Variables,
} from 'relay-runtime';

interface Answer {
  readonly data?: PayloadData | null;
  readonly errors?: PayloadError[];
}

/** What the graph said instead of an answer; its sentences are made for people. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** Sends the id of a trusted document, never a text: relay-compiler has written the texts to a file for the server. */
const post = ({ id, name }: RequestParameters, variables: Variables, accept: string, signal?: AbortSignal) =>
  fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ documentId: id, operationName: name, variables }),
    signal: signal ?? null,
  });

const ask: FetchFunction = async (request, variables) => {
  let response: Response;
  let answer: Answer;
  try {
    response = await post(request, variables, 'application/graphql-response+json');
    answer = await response.json();
  } catch {
    throw new GraphError('The graph does not answer.');
  }
  const { data = null, errors = [] } = answer;
  // A page shows what it has. Where a whole field of `Query` is missing there is nothing to show.
  const fatal = data === null ? errors[0] : errors.find(({ path }) => path?.length === 1);
  if (fatal !== undefined) throw new GraphError(fatal.message);
  if (data === null) throw new GraphError('The graph sent no answer.');
  return { data, errors };
};

/** Server-sent events, until they are refused. A stream that breaks is asked for again, and its first event says so. */
const listen: SubscribeFunction = (request, variables) =>
  Observable.create((sink) => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const follow = async (): Promise<void> => {
      try {
        const { body, headers } = await post(request, variables, 'text/event-stream', signal);
        if (body === null || headers.get('content-type')?.startsWith('text/event-stream') !== true)
          return sink.complete();
        let text = '';
        for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
          const events = (text + chunk).split('\n\n');
          text = events.pop() ?? '';
          for (const [, data] of events.join('\n').matchAll(/^data: (.+)$/gm)) sink.next(JSON.parse(data ?? ''));
        }
      } catch {
        // The server cannot be reached, or nobody listens any more.
      }
      if (!signal.aborted) setTimeout(follow, 5_000);
    };
    void follow();
    return () => leaving.abort();
  });

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
  network: Network.create(ask, listen),
  // The lists that were left last, so that going back shows them as they were.
  store: new Store(new RecordSource(), { gcReleaseBufferSize: 20 }),
  missingFieldHandlers: [byId],
});
