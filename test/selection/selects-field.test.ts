import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { type Contexts, createContexts } from '../../src/create-context.ts';
import type { Operation } from '../../src/live-source.ts';
import { encodeKey } from '../../src/providers/key.ts';
import { toParsedOperation } from '../../src/selection/operation.ts';
import { toSelectionKey } from '../../src/selection/selection-key.ts';
import { selectsField } from '../../src/selection/selects-field.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { schema } from '../schema/execute.ts';
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
async function held(text: string, variableValues: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { signal } = new AbortController();
  const request = { schema, document: parse(text), operationName: 'Asked', variableValues };
  const parsed = toParsedOperation(request);
  if (parsed === null) throw new Error('The document has no operation named Asked.');
  const selects: Operation['selects'] = (typeName, fieldName) =>
    selectsField(parsed, typeName, (name) => name === fieldName);
  const selectsBeyondKey = () => false;
  const operation = {
    viewerId: null,
    requestId: 'test',
    selects,
    selectsBeyondKey,
    selection: () => toSelectionKey(request),
    signal,
    header: () => null,
    observer: null,
    report: () => undefined,
  };
  const refs = platform
    .sessionIds()
    .map((id) => ({ sourceId: 'scope', key: encodeKey(platform.agentOf(id) ?? '', id) }));
  const { loaders } = contexts.create(operation);
  const sessions = await Promise.all(refs.map((ref) => loaders.session.load(ref)));
  expect(sessions.filter((session) => session === null)).toEqual([]);
  expect(sessions).toHaveLength(10);
  return JSON.stringify(sessions);
}

const state = '... on AgentScopeSession { state { summary } }';

test.each([
  ['names no such field', 'query Asked { sessions { nodes { title } } }', {}],
  ['has it as an alias only', 'query Asked { sessions { nodes { state: title } } }', {}],
  ['selects a field of this name of another type', 'query Asked { sources { health { state } } }', {}],
  [
    'skips it',
    'query Asked { sessions { nodes { ... on AgentScopeSession { state @skip(if: true) { summary } } } } }',
    {},
  ],
  [
    'skips the fragment with it by a variable',
    `query Asked($with: Boolean!) { sessions { nodes { ...Part @include(if: $with) } } } fragment Part on Session { ${state} }`,
    { with: false },
  ],
  [
    'stands beside another operation that selects it',
    `query Asked { sessions { nodes { title } } } query Other { sessions { nodes { ${state} } } }`,
    {},
  ],
])('conversations are not kept when the operation %s', async (_, text, variables) => {
  expect((await held(text, variables)).length).toBeLessThan(20_000);
});

test.each([
  ['directly', `query Asked { sessions { nodes { ${state} } } }`, {}],
  [
    'with an alias in a fragment',
    'query Asked { sessions { nodes { ...Part } } } fragment Part on AgentScopeSession { conversation: state{summary} }',
    {},
  ],
  [
    'in a fragment in a fragment',
    `query Asked { node(id: "x") { ...Outer } } fragment Outer on Node { ...Inner } fragment Inner on Session { ${state} }`,
    {},
  ],
  ['as an entity of a gateway', `query Asked { _entities(representations: []) { ${state} } }`, {}],
  [
    'by the default of a variable',
    `query Asked($with: Boolean = true) { sessions { edges { node { ... @include(if: $with) { ${state} } } } } }`,
    {},
  ],
])('conversations are kept when the operation selects them %s', async (_, text, variables) => {
  expect((await held(text, variables)).length).toBeGreaterThan(200_000);
});

test('a conversation is answered to whoever asks for it', async () => {
  const query =
    '{ sessions(first: 1) { nodes { ... on AgentScopeSession { state { context { content { text } } } } } } }';
  const { json } = await server.ask({ query });
  expect(JSON.stringify(json).length).toBeGreaterThan(15_000);
});

test('a trusted document, whose text the caller does not send, is answered a conversation too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-selection-'));
  const trustedDocuments = join(folder, 'documents.json');
  const document = '{ sessions(first: 1) { nodes { ... on AgentScopeSession { state { context { id } } } } } }';
  writeFileSync(trustedDocuments, JSON.stringify({ known: document }));
  const trusting = open({ server: { trustedDocuments }, sources: [source()] });
  rmSync(folder, { recursive: true });
  const { json } = await trusting.ask({ documentId: 'known' });
  await trusting.app.close();
  expect(JSON.stringify(json)).toMatch(/"context":\[\{"id":/);
});
