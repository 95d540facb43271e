import { expect, onTestFinished, test } from 'vitest';
import { createGate } from '../http/gate.ts';
import { sendJson, startServer } from '../http/server.ts';
import { openCounted } from './counted-pages.ts';
import { as, auth, start, stopClock, toSource } from './kept-world.ts';

const organization = (id: string) => ({ 'x-org-id': `org_${id.padStart(32, '0')}` });
const fresh = { 'cache-control': 'no-cache' };

const outcomes = 'outcomes { status ageMs error { code } }';
const query = `{ sessions(first: 7) { edges { cursor node { id title agent { id name } } } ${outcomes} } }`;

function idsIn(json: unknown): readonly string[] {
  const { edges } = (json as { data: { sessions: { edges: readonly { node: { id: string } }[] } } }).data.sessions;
  return edges.map(({ node }) => node.id);
}

const ofViewers = (['foundry', 'agentscope', 'agno'] as const).map((platform) => ({
  whom: `viewers of ${platform}`,
  platform,
  settings: { user: 'viewer' },
  first: as('alice'),
  second: as('bob'),
}));

test.each([
  ...ofViewers,
  {
    whom: 'callers with credentials of their own',
    platform: 'everruns' as const,
    settings: { auth: { forward: 'x-org-id' } },
    first: { ...as('alice'), ...organization('1') },
    // One person with two credentials.
    second: { ...as('alice'), ...organization('2') },
  },
])('$whom are given their own pages, and none of each other', async ({ platform, settings, first, second }) => {
  stopClock();
  const started = await start({ platform, users: ['alice', 'bob'] });
  const { ask, pages } = openCounted({ server: { auth }, sources: [toSource(started, settings)] });
  const seen = new Map<object, string>();
  for (let time = 1; time <= 4; time += 1) {
    for (const headers of [first, second]) {
      const { text } = await ask({ query }, headers);
      expect(text).toBe(seen.get(headers) ?? text);
      seen.set(headers, text);
    }
  }
  // Each of the two asks the platform, merges what is kept, and is given that twice.
  expect(pages()).toEqual({ merged: 4, given: 4 });
  const [own = [], others = []] = [...seen.values()].map((text) => idsIn(JSON.parse(text)));
  expect(own.filter((id) => others.includes(id))).toEqual([]);
  expect(Math.min(own.length, others.length)).toBeGreaterThan(0);
});

test('callers for whom the server reads with its own credential are given the same page', async () => {
  stopClock();
  const { ask, pages } = openCounted({ server: { auth }, sources: [toSource(await start({ platform: 'everruns' }))] });
  const texts: string[] = [];
  for (const viewer of ['alice', 'bob', 'carol']) texts.push((await ask({ query }, as(viewer))).text);
  expect(new Set(texts).size).toBe(1);
  expect(pages()).toEqual({ merged: 2, given: 1 });
});

test('of two operations in one document, one that selects more is not given the page of the other', async () => {
  stopClock();
  const { ask, pages } = openCounted({ sources: [toSource(await start({ platform: 'agentscope' }))] });
  const both = `
    query Less { sessions(first: 7) { edges { node { id } } } }
    query More { sessions(first: 7) { edges { node { id ... on AgentScopeSession { state { replyId } } } } } }
  `;
  for (let time = 1; time <= 3; time += 1) await ask({ query: both, operationName: 'Less' });
  expect(pages()).toEqual({ merged: 2, given: 1 });
  const { text } = await ask({ query: both, operationName: 'More' });
  expect(text.match(/"state":\{/g)).toHaveLength(7);
  expect(pages()).toEqual({ merged: 3, given: 1 });
});

test('a caller who wants nothing that was kept is given no page, and others are given none that is older', async () => {
  stopClock();
  const platform = await start({ platform: 'everruns' });
  const { ask, pages } = openCounted({ sources: [toSource(platform)] });
  for (let time = 1; time <= 3; time += 1) await ask({ query });
  expect(pages()).toEqual({ merged: 2, given: 1 });
  platform.addSession();
  const anew = await ask({ query }, fresh);
  expect(pages()).toEqual({ merged: 3, given: 1 });
  for (let time = 1; time <= 3; time += 1) expect((await ask({ query })).text).toBe(anew.text);
  expect(pages()).toEqual({ merged: 4, given: 3 });
  for (let time = 1; time <= 3; time += 1) await ask({ query }, fresh);
  expect(pages()).toEqual({ merged: 7, given: 3 });
});

test('a page is given no longer than its answers are', async () => {
  const clock = stopClock();
  const platform = await start({ platform: 'everruns' });
  const { ask, pages } = openCounted({ sources: [toSource(platform)] });
  await ask({ query });
  clock.advance(900);
  for (let time = 1; time <= 2; time += 1) await ask({ query });
  expect(pages()).toEqual({ merged: 2, given: 1 });
  platform.addSession();
  // The page was merged 200 ms ago, and its answers are from 1,100 ms ago.
  clock.advance(200);
  const before = platform.requests.length;
  const { json } = await ask({ query });
  expect(platform.requests.length).toBeGreaterThan(before);
  expect(idsIn(json)).toContain(idsIn((await ask({ query }, fresh)).json)[0]);
  expect(pages().given).toBe(1);
});

const failing = { limits: { http: { retries: 0, breakerFailures: 1_000 } } };

test.each([
  {
    what: 'that lacks a source which failed',
    server: failing,
    fault: { kind: 'status' as const, status: 500 },
    says: '"FAILED","ageMs":null,"error":{"code":"UPSTREAM_UNAVAILABLE"}',
  },
  {
    what: 'that lacks a source which took too long',
    server: { limits: { http: { ...failing.limits.http, listShareMs: 200 } } },
    fault: { kind: 'black-hole' as const },
    says: '"FAILED","ageMs":null,"error":{"code":"UPSTREAM_TIMEOUT"}',
  },
])('a page $what is merged each time', async ({ server, fault, says }) => {
  const [well, ill] = [await start({ platform: 'everruns' }), await start({ platform: 'agno' })];
  const { ask, pages } = openCounted({
    server: { ...server, sharing: { sessionsMs: 3_600_000, directoryMs: 3_600_000 } },
    sources: [toSource(well), toSource(ill)],
  });
  ill.fail(fault);
  for (let time = 1; time <= 3; time += 1) expect((await ask({ query })).text).toContain(says);
  expect(pages()).toEqual({ merged: 3, given: 0 });
});

test('a page that ends early, because its search may read no further, is merged each time', async () => {
  stopClock();
  const limits = { paging: { scanRows: 10 } };
  const platform = await start({ platform: 'everruns', sessions: 200 });
  const { ask, pages } = openCounted({ server: { limits }, sources: [toSource(platform)] });
  const search = `{ sessions(first: 7, filter: { search: "no session says this" }) { edges { node { id } } ${outcomes} } }`;
  const texts: string[] = [];
  for (let time = 1; time <= 3; time += 1) texts.push((await ask({ query: search })).text);
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('"PARTIAL","ageMs":null,"error":{"code":"SCAN_BUDGET_EXCEEDED"}');
  expect(pages()).toEqual({ merged: 3, given: 0 });
});

test('a page for which the requests of an operation did not suffice is merged each time', async () => {
  stopClock();
  const platform = await start({ platform: 'agentscope', agents: 6 });
  const ids = `{ sessions(first: 7) { edges { node { id } } ${outcomes} } }`;
  const { ask, pages } = openCounted({ server: { limits: { upstreamRequests: 3 } }, sources: [toSource(platform)] });
  const texts: string[] = [];
  for (let time = 1; time <= 4; time += 1) texts.push((await ask({ query: ids })).text);
  expect(texts[0]).toContain('UPSTREAM_BUDGET_EXCEEDED');
  // What was read before is kept, so that each gets further.
  const whole = await openCounted({ sources: [toSource(platform)] }).ask({ query: ids });
  expect(texts.at(-1)).toBe(whole.text);
  const short = texts.filter((text) => text.includes('UPSTREAM_BUDGET_EXCEEDED')).length;
  expect(short).toBeLessThan(4);
  for (let time = 1; time <= 2; time += 1) expect((await ask({ query: ids })).text).toBe(whole.text);
  expect(pages().merged).toBeGreaterThan(short);
});

test('whoever hangs up takes no page from the one who waits for the same', async () => {
  stopClock();
  const gate = createGate();
  onTestFinished(() => gate.open());
  const platform = await start({ platform: 'everruns' });
  const { origin } = new URL(platform.url);
  const held = await startServer(async (request, response) => {
    await gate.opened;
    sendJson(response, await (await fetch(`${origin}${request.url}`)).json());
  });
  const source = { ...toSource(platform), url: platform.url.replace(origin, held.url) };
  const { ask, send, pages } = openCounted({ sources: [source] });
  const gone = new AbortController();
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json' };
  const left = send('/graphql', { method: 'POST', headers, body, signal: gone.signal }).catch(() => null);
  const stays = ask({ query });
  await held.arrived(1);
  gone.abort();
  gate.open();
  const [, { text }] = await Promise.all([left, stays]);
  expect(idsIn(JSON.parse(text))).toHaveLength(7);
  for (let time = 1; time <= 3; time += 1) expect((await ask({ query })).text).toBe(text);
  expect(pages().given).toBe(2);
});

test('all that is kept fits in its memory, however many pages are made', async () => {
  stopClock();
  const platform = await start({ platform: 'everruns', sessions: 100 });
  const maxBytes = 800_000;
  const { ask, contexts, pages } = openCounted({ server: { sharing: { maxBytes } }, sources: [toSource(platform)] });
  for (let first = 1; first <= 40; first += 1) {
    const one = { query: `{ sessions(first: ${first}) { edges { cursor node { id title } } } }` };
    for (let time = 1; time <= 3; time += 1) await ask(one);
    expect(contexts.keptBytes()).toBeLessThanOrEqual(maxBytes);
  }
  expect(pages()).toEqual({ merged: 80, given: 40 });
  // As much as there may be: an eighth of the memory is full of pages.
  expect(contexts.keptBytes()).toBeGreaterThan(maxBytes / 9);
});

test('what is closed keeps no page, and another server with the same sources is given none', async () => {
  stopClock();
  const sources = [toSource(await start({ platform: 'everruns' }))];
  const before = openCounted({ sources });
  for (let time = 1; time <= 3; time += 1) await before.ask({ query });
  expect(before.pages()).toEqual({ merged: 2, given: 1 });
  expect(before.contexts.keptBytes()).toBeGreaterThan(0);
  const after = openCounted({ sources });
  await after.ask({ query });
  expect(after.pages()).toEqual({ merged: 1, given: 0 });
  await before.contexts.close();
  expect(before.contexts.keptBytes()).toBe(0);
});
