import { afterEach, describe, expect, test } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { createContexts } from '../../src/create-context.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { open, unshared } from './ask.ts';

const secret = 'a shared secret of more than thirty-two characters';
const auth = { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret };
const as = (viewer: string) => ({ 'x-viewer': viewer, 'x-proxy-secret': secret });
const platforms: RunningPlatform[] = [];

async function start(options: PlatformOptions): Promise<RunningPlatform> {
  const platform = await startPlatform({ sessions: 30, ...options });
  platforms.push(platform);
  return platform;
}

afterEach(async () => {
  await Promise.all(platforms.splice(0).map((platform) => platform.close()));
});

const query = '{ sessions(first: 5) { nodes { nativeId user { id } } outcomes { status error { code message } } } }';

test('asks a source as the viewer, whoever that is', async () => {
  const agno = await start({ platform: 'agno' });
  const { ask } = open({
    server: { auth },
    sources: [{ id: 'agno', provider: 'agno', url: agno.url, user: 'viewer' }],
  });
  for (const viewer of ['alice', 'bob']) {
    agno.clearRequests();
    const { json } = await ask({ query }, as(viewer));
    const { nodes } = (json as { data: { sessions: { nodes: { user: { id: string } }[] } } }).data.sessions;
    expect(nodes.length).toBeGreaterThan(0);
    expect(new Set(nodes.map(({ user }) => user.id))).toEqual(new Set([viewer]));
    const asked = agno.requests.map(({ url }) => new URL(url, agno.url).searchParams.get('user_id'));
    expect(new Set(asked)).toEqual(new Set([viewer]));
  }
});

test('names the viewer in a header where the platform wants that, and no header of the caller can change it', async () => {
  const scope = await start({ platform: 'agentscope' });
  const { ask } = open({
    server: { auth },
    sources: [{ id: 's', provider: 'agentscope', url: scope.url, user: 'viewer' }],
  });
  await ask({ query }, { ...as('bob'), 'x-user-id': 'alice', 'x-ms-user-identity': 'alice' });
  expect(scope.requests.length).toBeGreaterThan(0);
  expect(new Set(scope.requests.map(({ headers }) => headers['x-user-id']))).toEqual(new Set(['bob']));
});

test('reads the name of the viewer as UTF-8, as proxies send it, and refuses what is none', async () => {
  const agno = await start({ platform: 'agno', users: ['josé', '李雷'] });
  const { ask } = open({
    server: { auth },
    sources: [{ id: 'agno', provider: 'agno', url: agno.url, user: 'viewer' }],
  });
  // What Node makes of the bytes of a header: one character for each.
  const asBytes = (name: string) => Buffer.from(name).toString('latin1');
  for (const viewer of ['josé', '李雷']) {
    const { json } = await ask({ query }, as(asBytes(viewer)));
    const { nodes } = (json as { data: { sessions: { nodes: { user: { id: string } }[] } } }).data.sessions;
    expect(nodes.map(({ user }) => user.id)).toEqual([viewer, viewer, viewer, viewer, viewer]);
  }
  agno.clearRequests();
  const { status, json } = await ask({ query }, as('jos\u00e9'));
  expect([status, json]).toMatchObject([
    401,
    {
      errors: [{ message: 'The header that names the viewer is not UTF-8.', extensions: { code: 'UNAUTHENTICATED' } }],
    },
  ]);
  expect(agno.requests).toEqual([]);
});

test('asks as a configured user whose name is not ASCII where the platform is told in the query', async () => {
  const agno = await start({ platform: 'agno', users: ['josé'] });
  const { ask } = open({
    sources: [{ id: 'agno', provider: 'agno', url: agno.url, user: { constant: 'josé' } }],
  });
  const { json } = await ask({ query });
  const { nodes } = (json as { data: { sessions: { nodes: { user: { id: string } }[] } } }).data.sessions;
  expect(nodes.map(({ user }) => user.id)).toEqual(['josé', 'josé', 'josé', 'josé', 'josé']);
  for (const source of [
    { id: 's', provider: 'agentscope', url: 'http://127.0.0.1:9', user: { constant: 'josé' } },
    {
      id: 'f',
      provider: 'foundry',
      url: 'http://127.0.0.1:9',
      user: { constant: 'josé' },
      userHeader: 'x-ms-user-identity',
    },
  ]) {
    expect(() => open({ sources: [source] })).toThrow(
      'sources[0].user.constant  must be printable ASCII without leading or trailing spaces',
    );
  }
});

test('asks nothing for nobody where a source is read as the viewer', async () => {
  const agno = await start({ platform: 'agno' });
  const source = { id: 'mine', provider: 'agno', url: agno.url, user: 'viewer' };
  const contexts = createContexts(toConfig({ server: { auth }, sources: [source] }));
  const context = contexts.create({
    viewerId: null,
    requestId: 'r-1',
    selects: () => false,
    selectsBeyondKey: () => false,
    selection: () => '',
    signal: new AbortController().signal,
    header: () => null,
    observer: null,
    report: () => undefined,
  });
  await expect(context.sources.get('mine')?.listAgents()).rejects.toMatchObject({
    code: 'UPSTREAM_UNAUTHENTICATED',
    message: 'Source "mine" is read as the viewer, and the caller is not signed in.',
  });
  expect(agno.requests).toEqual([]);
  await contexts.close();
});

test('always asks as the same user where the configuration names one', async () => {
  const scope = await start({ platform: 'agentscope' });
  const source = { id: 's', provider: 'agentscope', url: scope.url, user: { constant: 'carol' } };
  await open({ server: { auth }, sources: [source] }).ask({ query }, as('bob'));
  expect(new Set(scope.requests.map(({ headers }) => headers['x-user-id']))).toEqual(new Set(['carol']));
});

test("passes on the caller's own credential to the source that is to have it, and to no other", async () => {
  const [one, other] = [await start({ platform: 'everruns' }), await start({ platform: 'everruns' })];
  const { ask } = open({
    server: unshared,
    sources: [
      { id: 'one', provider: 'everruns', url: one.url, auth: { forward: 'Authorization' } },
      { id: 'other', provider: 'everruns', url: other.url },
    ],
  });
  await ask({ query }, { authorization: 'Bearer own', 'x-request-id': 'r-1', cookie: 'c=1' });
  const seen = (platform: RunningPlatform) =>
    platform.requests.map(({ headers }) => [headers.authorization, headers['x-request-id'], headers.cookie]);
  expect(new Set(seen(one).map(String))).toEqual(new Set(['Bearer own,r-1,']));
  expect(new Set(seen(other).map(String))).toEqual(new Set([',r-1,']));

  one.clearRequests();
  const outcomes = '{ sessions(first: 1) { outcomes { status error { code message } } } }';
  expect((await ask({ query: outcomes })).json).toHaveProperty('data.sessions.outcomes.0', {
    status: 'FAILED',
    error: {
      code: 'UPSTREAM_UNAUTHENTICATED',
      message:
        'Source "one" is asked with the caller\'s own credential, and the caller sent no "authorization" header to pass on.',
    },
  });
  expect(one.requests).toEqual([]);

  one.fail({ kind: 'status', status: 401 });
  other.fail({ kind: 'status', status: 401 });
  const { json } = await ask(
    { query: '{ sources { sessions(first: 1) { nodes { id } } } }' },
    { authorization: 'Bearer expired' },
  );
  expect(json).toMatchObject({
    errors: [
      { message: 'Source "one" does not accept the credential that the caller sent in "authorization".' },
      { message: 'Source "other" asks for a credential, and none is configured.' },
    ],
  });
});

test('sends no more requests to a source for one operation than it may, and leaves the other sources theirs', async () => {
  const [one, other] = [await start({ platform: 'foundry' }), await start({ platform: 'foundry' })];
  const { ask } = open({
    server: { limits: { upstreamRequests: 3 } },
    sources: [
      { id: 'one', provider: 'foundry', url: one.url },
      { id: 'other', provider: 'foundry', url: other.url },
    ],
  });
  const { json } = await ask({ query });
  expect(one.requests).toHaveLength(3);
  expect(other.requests).toHaveLength(3);
  expect(JSON.stringify(json)).toContain('UPSTREAM_BUDGET_EXCEEDED');
});

describe('says who the caller is', () => {
  const whoAmI =
    '{ sessionViewer { id sessions(first: 1) { nodes { user { id } } } } sources { slug readAs readAsUser { id } } }';

  test('and as whom each source is read for them', async () => {
    const [agno, scope] = [await start({ platform: 'agno' }), await start({ platform: 'agentscope' })];
    const { ask } = open({
      server: { auth },
      sources: [
        { id: 'mine', provider: 'agno', url: agno.url, user: 'viewer' },
        { id: 'one-user', provider: 'agentscope', url: scope.url, user: { constant: 'carol' } },
        { id: 'own-credential', provider: 'everruns', url: 'http://127.0.0.1:9', auth: { forward: 'authorization' } },
        { id: 'all', provider: 'everruns', url: 'http://127.0.0.1:9' },
        { id: 'own-of-one', provider: 'agno', url: agno.url, user: { constant: 'dan' }, auth: { forward: 'x-key' } },
      ],
    });
    for (const viewer of ['alice', 'bob']) {
      expect((await ask({ query: whoAmI }, as(viewer))).json).toEqual({
        data: {
          sessionViewer: { id: viewer, sessions: { nodes: [{ user: { id: viewer } }] } },
          sources: [
            { slug: 'mine', readAs: 'VIEWER', readAsUser: { id: viewer } },
            { slug: 'one-user', readAs: 'USER', readAsUser: { id: 'carol' } },
            { slug: 'own-credential', readAs: 'CALLER', readAsUser: null },
            { slug: 'all', readAs: 'SERVER', readAsUser: null },
            { slug: 'own-of-one', readAs: 'USER', readAsUser: { id: 'dan' } },
          ],
        },
      });
    }
  });

  test('and nothing of an anonymous one, without asking any platform', async () => {
    const agno = await start({ platform: 'agno' });
    const { ask } = open({ sources: [{ id: 'agno', provider: 'agno', url: agno.url }] });
    expect((await ask({ query: whoAmI })).json).toEqual({
      data: { sessionViewer: null, sources: [{ slug: 'agno', readAs: 'SERVER', readAsUser: null }] },
    });
    expect(agno.requests).toEqual([]);
  });
});
