/** A client of server-sent events, as the GraphQL over SSE protocol has them. */
export interface EventClient {
  readonly status: number;
  readonly headers: Headers;
  /** The result of the next event; `complete`, and null when the answer has ended. Without comments. */
  next(): Promise<unknown>;
  /** Everything up to the next mark, without it, and the mark. */
  batch(): Promise<Batch>;
  /** Hangs up. */
  leave(): void;
}

export interface Batch {
  readonly changes: readonly unknown[];
  readonly mark: string;
}

export const changes = `subscription Changes($filter: SessionFilter, $since: String) {
  sessionsChanged(filter: $filter, since: $since) {
    __typename
    ... on SessionUpserted { session { nativeId title } }
    ... on SessionGone { source { slug } deleted }
    ... on SessionsMark { mark }
    ... on SessionsResync { reason mark }
  }
}`;

export interface Subscribing {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function subscribe(
  url: string,
  { query = changes, variables = {}, headers = {} }: Subscribing = {},
): Promise<EventClient> {
  const leaving = new AbortController();
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  const events = readEvents(answer);

  async function next(): Promise<unknown> {
    const { value, done } = await events.next();
    return done === true ? null : value;
  }

  return {
    status: answer.status,
    headers: answer.headers,
    next,
    async batch() {
      const told: unknown[] = [];
      for (;;) {
        const change = changeOf(await next());
        if (change.__typename === 'SessionsMark') return { changes: told, mark: String(change.mark) };
        told.push(change);
      }
    },
    leave: () => leaving.abort(),
  };
}

function changeOf(result: unknown): Readonly<Record<string, unknown>> {
  const { data } = result as { readonly data?: { readonly sessionsChanged: Readonly<Record<string, unknown>> } };
  if (data === undefined) throw new Error(`No change: ${JSON.stringify(result)}`);
  return data.sessionsChanged;
}

async function* readEvents({ body }: Response): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) if (!event.startsWith(':')) yield toValue(event);
  }
}

function toValue(event: string): unknown {
  if (event === 'event: complete\ndata:') return 'complete';
  const [, data] = /^event: next\ndata: (.*)$/.exec(event) ?? [];
  if (data === undefined) throw new Error(`Not an event: ${event}`);
  return JSON.parse(data);
}
