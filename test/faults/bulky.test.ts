import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { type Contexts, createContexts } from '../../src/create-context.ts';
import { encodeKey } from '../../src/providers/key.ts';
import { registry } from '../../src/providers/registry.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Asked, open } from '../server/ask.ts';

let platform: RunningPlatform;
let contexts: Contexts;
let server: Asked;

beforeAll(async () => {
  platform = await startPlatform({
    platform: 'agentscope',
    dialect: '2.0.1',
    sessions: 10,
    users: ['alice'],
    stateBytes: 20_000,
  });
  contexts = createContexts(toConfig({ sources: [source()] }));
  server = open({ sources: [source()] });
});

afterAll(async () => {
  await Promise.all([contexts.close(), server.app.close()]);
  await platform.close();
});

function source() {
  return { id: 'scope', provider: 'agentscope', url: platform.url, user: { constant: 'alice' } };
}

/** What an operation with this document has in memory of all sessions, as text. */
async function held(text: string): Promise<string> {
  const { signal } = new AbortController();
  const operation = { viewerId: null, requestId: 'test', text, signal, header: () => null, report: () => undefined };
  const refs = platform
    .sessionIds()
    .map((id) => ({ sourceId: 'scope', key: encodeKey(platform.agentOf(id) ?? '', id) }));
  const { loaders } = contexts.create(operation);
  const sessions = await Promise.all(refs.map((ref) => loaders.session.load(ref)));
  expect(sessions.filter((session) => session === null)).toEqual([]);
  expect(sessions).toHaveLength(10);
  return JSON.stringify(sessions);
}

test('conversations that an operation does not name are not kept', async () => {
  expect((await held('{ sessions { nodes { title } } }')).length).toBeLessThan(20_000);
});

test.each([
  '{ sessions { nodes { ... on AgentScopeSession { state { summary } } } } }',
  '{ sessions { nodes { ...Part } } } fragment Part on AgentScopeSession { conversation: state{summary} }',
])('those it names are: %s', async (text) => {
  expect((await held(text)).length).toBeGreaterThan(200_000);
});

test('every bulky field is a field of the types of its provider', () => {
  const bulky = registry.flatMap(({ bulky: names, types }) => names.map((name) => [name, types.session] as const));
  expect(bulky.map(([name]) => name)).toEqual(['state']);
  for (const [name, type] of bulky) expect(Object.keys(type.fields)).toContain(name);
});

test('a conversation is answered to whoever asks for it', async () => {
  const query =
    '{ sessions(first: 1) { nodes { ... on AgentScopeSession { state { context { content { text } } } } } } }';
  const { json } = await server.ask({ query });
  expect(JSON.stringify(json).length).toBeGreaterThan(15_000);
});

test('a trusted document, whose text the caller does not send, is answered a conversation too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-bulky-'));
  const trustedDocuments = join(folder, 'documents.json');
  const document = '{ sessions(first: 1) { nodes { ... on AgentScopeSession { state { context { id } } } } } }';
  writeFileSync(trustedDocuments, JSON.stringify({ known: document }));
  const trusting = open({ server: { trustedDocuments }, sources: [source()] });
  rmSync(folder, { recursive: true });
  const { json } = await trusting.ask({ documentId: 'known' });
  await trusting.app.close();
  expect(JSON.stringify(json)).toMatch(/"context":\[\{"id":/);
});
