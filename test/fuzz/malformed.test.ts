import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toNodeId } from '../../src/entities/node-id.ts';
import { type Sandbox, startSandbox } from '../sandbox-controls/sandbox.ts';
import { type Answer, type Asked, open } from '../server/ask.ts';

let sandbox: Sandbox;
let server: Asked;
let cursor = '';
let id = '';

beforeAll(async () => {
  sandbox = await startSandbox({ size: 60 });
  server = open({
    server: { log: { level: 'error' } },
    sources: sandbox.sources.map(({ id: sourceId, provider, platform, settings }) => ({
      id: sourceId,
      provider,
      url: platform.url,
      ...settings,
    })),
  });
  const { json } = await server.ask({ query: '{ sessions(first: 1) { edges { cursor node { id } } } }' });
  const edge = (json as { data: { sessions: { edges: { cursor: string; node: { id: string } }[] } } }).data.sessions
    .edges[0];
  cursor = edge?.cursor ?? '';
  id = edge?.node.id ?? '';
});

afterAll(async () => {
  await server.app.close();
  await sandbox.close();
});

const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }), fc.base64String());
const anything = fc.anything({ maxDepth: 2, withDate: true }).map((value) => toJson(value));

/** JSON of it, as far as it has one. */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return text === undefined ? null : JSON.parse(text);
}

/** A right text with some of its characters taken out, doubled or replaced. */
function damaged(text: () => string): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(200), fc.nat(20), texts).map(([start, length, inserted]) => {
    const whole = text();
    const at = start % (whole.length + 1);
    return whole.slice(0, at) + inserted.slice(0, length % 5) + whole.slice(at + (length % 7));
  });
}

const fullQuery = `query All($id: ID!, $after: String, $n: Int = 2) {
  node(id: $id) { id __typename ... on Session { title agent { name } } }
  sessions(first: $n, after: $after, filter: { kinds: [AGENT], createdAt: { from: "2026-01-01T00:00:00Z" } }) {
    edges { cursor node { id source { name } } } pageInfo { hasNextPage endCursor } totalCount outcomes { status }
  }
}`;

const json = 'application/json';
const post = (body: string, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': json, ...headers },
  body,
});
const asBody = (query: unknown, variables?: unknown) => post(JSON.stringify({ query, variables }));

const headerValue = fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[^ -~]/g, '').trim());

const requests: fc.Arbitrary<readonly [string, RequestInit]> = fc.oneof(
  damaged(() => fullQuery).map((query) => ['/graphql', asBody(query, { id, after: cursor })] as const),
  fc.tuple(anything, anything).map(([query, variables]) => ['/graphql', asBody(query, variables)] as const),
  anything.map((variables) => ['/graphql', asBody(fullQuery, variables)] as const),
  fc
    .tuple(
      fc.oneof(texts, anything, fc.integer()),
      fc.oneof(texts, anything),
      fc.oneof(fc.integer(), fc.double(), anything),
    )
    .map(([one, two, n]) => ['/graphql', asBody(fullQuery, toJson({ id: one, after: two, n }))] as const),
  damaged(() => id).map((some) => ['/graphql', asBody(fullQuery, { id: some })] as const),
  texts.map((key) => ['/graphql', asBody(fullQuery, { id: toNodeId('session', { sourceId: 'agno', key }) })] as const),
  damaged(() => cursor).map((after) => ['/graphql', asBody(fullQuery, { id, after })] as const),
  texts.map((body) => ['/graphql', post(body)] as const),
  damaged(() => JSON.stringify({ query: fullQuery, variables: { id } })).map(
    (body) => ['/graphql', post(body)] as const,
  ),
  fc.tuple(headerValue, headerValue, headerValue).map(
    ([type, accept, requestId]) =>
      [
        '/graphql',
        post(JSON.stringify({ query: '{ sources { id } }' }), {
          'content-type': type,
          accept,
          'x-request-id': requestId,
        }),
      ] as const,
  ),
  fc
    .tuple(texts, texts)
    .map(
      ([query, variables]) =>
        [
          `/graphql?query=${encode(query)}&variables=${encode(variables)}`,
          { headers: { 'apollo-require-preflight': '1' } },
        ] as const,
    ),
  fc
    .tuple(fc.constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'GET'), texts)
    .map(([method, path]) => [`/${encode(path)}`, { method }] as const),
);

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Below 500; and where it is GraphQL's, an answer as its specification wants it. */
function expectWellFormed({ status, text, json: answer, headers }: Answer): void {
  expect(status, text.slice(0, 300)).toBeLessThan(500);
  if (text === '' || !(headers.get('content-type') ?? '').includes('json')) return;
  expect(answer, text.slice(0, 300)).not.toBeNull();
  const { errors = [] } = answer as { errors?: { message: string; extensions?: { code?: string } }[] };
  for (const { message, extensions } of errors) {
    expect(message.length).toBeGreaterThan(0);
    expect(extensions?.code, message).not.toBe('INTERNAL_SERVER_ERROR');
    for (const leak of ['127.0.0.1', 'node_modules', '/src/']) expect(message).not.toContain(leak);
  }
}

test('malformed requests are each answered below 500, and well-formed ones still are right', async () => {
  const runs = Number(process.env.FUZZ_INPUTS);
  await fc.assert(
    fc.asyncProperty(requests, async ([path, init]) => {
      expectWellFormed(await server.send(path, init));
    }),
    { numRuns: runs, seed: Number(process.env.FUZZ_SEED ?? 6) },
  );
  const { json: answer } = await server.ask({ query: fullQuery, variables: { id } });
  expect(answer).toMatchObject({ data: { node: { id } } });
  expect(answer).not.toHaveProperty('errors');
});
