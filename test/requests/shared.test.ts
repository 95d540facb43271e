import { expect, test } from 'vitest';
import type { PlatformOptions, RunningPlatform } from '../sandbox-controls/platform.ts';
import type { Answer } from '../server/ask.ts';
import { as, auth, openServer, start as startWith, stopClock, toSource } from './kept-world.ts';
import { everySource } from './sources.ts';
import type { WorldSource } from './world.ts';

const query = '{ sessions(first: 20) { nodes { id agent { id name } } } }';
const withOutcomes =
  '{ sessions(first: 20) { nodes { id agent { id name } } outcomes { source { slug } status ageMs error { code } } } }';

const hourMs = 3_600_000;

/** Which version an Agno speaks is asked once in the life of the process, whatever is shared. */
const asksForVersion = / \/(info|sessions\?limit=1&page=1)(&|\?|$)/;

const start = (source: PlatformOptions) => startWith({ sessions: 60, ...source });

interface Outcome {
  readonly source: { readonly slug: string };
  readonly status: string;
  readonly ageMs: number | null;
  readonly error: { readonly code: string } | null;
}

/** Sorted, because what is asked at once arrives in any order. */
function requestsTo(platform: RunningPlatform): readonly string[] {
  const requests = platform.requests.map(({ method, url }) => `${method} ${url}`);
  return requests.filter((request) => !asksForVersion.test(request)).toSorted();
}

/** The answer, and what reached the platform meanwhile. */
async function sent(platform: RunningPlatform, asking: () => Promise<Answer>) {
  platform.clearRequests();
  const { json } = await asking();
  expect(json).not.toHaveProperty('errors');
  return { json, requests: requestsTo(platform) };
}

function dataOf(answer: Answer) {
  return answer.json as { data: { sessions: { nodes: readonly { id: string }[]; outcomes: readonly Outcome[] } } };
}

test.each(everySource)(
  '$id is not asked again for what it has just answered, unless the caller wants it anew',
  async (source) => {
    stopClock();
    const platform = await start(source);
    const { ask } = openServer({ sources: [toSource(platform)] });
    const first = await sent(platform, () => ask({ query }));
    expect(first.requests.length).toBeGreaterThan(0);
    const second = await sent(platform, () => ask({ query }));
    expect(second).toEqual({ json: first.json, requests: [] });
    const anew = await sent(platform, () => ask({ query }, { 'cache-control': 'no-cache' }));
    expect(anew).toEqual(first);
    // What was read anew is what others are given then.
    expect(await sent(platform, () => ask({ query }))).toEqual({ json: first.json, requests: [] });
  },
);

test('sessions are read again after a second, what runs them after half a minute', async () => {
  const clock = stopClock();
  const platform = await start({ platform: 'agno' });
  const { ask } = openServer({ sources: [toSource(platform)] });
  const all = (await sent(platform, () => ask({ query }))).requests;
  const sessions = all.filter((request) => request.startsWith('GET /sessions'));
  expect(sessions.length).toBeLessThan(all.length);
  clock.advance(1_000);
  expect((await sent(platform, () => ask({ query }))).requests).toEqual([]);
  clock.advance(1);
  expect((await sent(platform, () => ask({ query }))).requests).toEqual(sessions);
  clock.advance(30_000);
  expect((await sent(platform, () => ask({ query }))).requests).toEqual(all);
});

test.each(['foundry', 'agentscope', 'agno'] as const)('two viewers of %s share nothing', async (name) => {
  stopClock();
  const platform = await start({ platform: name });
  const { ask } = openServer({ server: { auth }, sources: [toSource(platform, { user: 'viewer' })] });
  const askAs = (viewer: string) => sent(platform, () => ask({ query }, as(viewer)));
  const alone = new Map<string, Awaited<ReturnType<typeof askAs>>>();
  for (const viewer of ['alice', 'bob']) {
    // As a server says it that nobody has asked before.
    const { ask: askAlone } = openServer({ server: { auth }, sources: [toSource(platform, { user: 'viewer' })] });
    alone.set(viewer, await sent(platform, () => askAlone({ query }, as(viewer))));
  }
  expect(alone.get('bob')?.json).not.toEqual(alone.get('alice')?.json);
  for (const viewer of ['alice', 'bob']) expect(await askAs(viewer)).toEqual(alone.get(viewer));
  for (const viewer of ['alice', 'bob']) {
    expect(await askAs(viewer)).toEqual({ json: alone.get(viewer)?.json, requests: [] });
  }
});

test('two sources of one kind share nothing, though they are asked the same', async () => {
  stopClock();
  const [one, other] = [await start({ platform: 'agno' }), await start({ platform: 'agno' })];
  const { ask } = openServer({ sources: [toSource(one, { id: 'one' }), toSource(other, { id: 'other' })] });
  const askFor = (source: string) =>
    ask({ query: query.replace('first: 20', `$&, filter: { sources: ["${source}"] }`) });
  const first = await sent(one, () => askFor('one'));
  expect(first.requests.length).toBeGreaterThan(0);
  expect((await sent(other, () => askFor('other'))).requests).toEqual(first.requests);
});

test('a source that shares nothing is asked again, and the one beside it is not', async () => {
  stopClock();
  const [own, shared] = [await start({ platform: 'agno' }), await start({ platform: 'everruns' })];
  const { ask } = openServer({ sources: [toSource(own, { sharing: { enabled: false } }), toSource(shared)] });
  const first = await sent(own, () => ask({ query }));
  shared.clearRequests();
  const second = await sent(own, () => ask({ query }));
  expect(second).toEqual(first);
  expect(second.requests.length).toBeGreaterThan(0);
  expect(shared.requests).toEqual([]);
});

/** Reads a source beside a healthy one, makes it fail, and asks again when `ageMs` have passed. */
async function askAgain(source: WorldSource, sharing: object, { status = 500, ageMs = 5_000 } = {}) {
  const clock = stopClock();
  const other = source.platform === 'everruns' ? 'agno' : 'everruns';
  const [failing, well] = [await start(source), await start({ platform: other })];
  const { ask } = openServer({ sources: [toSource(failing, { sharing }), toSource(well)] });
  const before = dataOf(await ask({ query: withOutcomes })).data.sessions;
  failing.fail({ kind: 'status', status });
  clock.advance(ageMs);
  const after = dataOf(await ask({ query: withOutcomes })).data.sessions;
  return { before, after, outcome: after.outcomes.find(({ source }) => source.slug === failing.platform) };
}

test.each(everySource)(
  'when $id fails after it was read, the page is as it was, and says how old it is',
  async (source) => {
    const { before, after } = await askAgain(source, { staleMs: hourMs });
    expect(after.nodes).toEqual(before.nodes);
    const [failed, well] = after.outcomes;
    expect(failed).toEqual({ source: { slug: source.platform }, status: 'STALE', ageMs: 5_000, error: null });
    expect(well).toMatchObject({ status: 'COMPLETE', ageMs: null });
  },
);

test.each(everySource)('when $id fails and nothing else is said, nothing old is given', async (source) => {
  const { outcome } = await askAgain(source, {});
  expect(outcome).toEqual({
    source: { slug: source.platform },
    status: 'FAILED',
    ageMs: null,
    error: { code: 'UPSTREAM_UNAVAILABLE' },
  });
});

test('what the platform refuses now, and what is too old, is not given', async () => {
  const agno = { id: 'agno', platform: 'agno' } as const;
  const refused = await askAgain(agno, { staleMs: hourMs }, { status: 403 });
  expect(refused.outcome).toMatchObject({ status: 'FAILED', error: { code: 'UPSTREAM_FORBIDDEN' } });
  const tooOld = await askAgain(agno, { staleMs: 4_999 });
  expect(tooOld.outcome).toMatchObject({ status: 'FAILED', error: { code: 'UPSTREAM_UNAVAILABLE' } });
});

test('no cache on the way may keep an answer, nor an error; GraphiQL, which is nobody’s, may be kept', async () => {
  const platform = await start({ platform: 'agno' });
  const { ask, send } = openServer({ server: { auth }, sources: [toSource(platform, { user: 'viewer' })] });
  const answers = {
    answered: await ask({ query }, as('alice')),
    'a field that is not there': await ask({ query: '{ nothing }' }, as('alice')),
    'not GraphQL': await ask('{', as('alice')),
    'not signed in': await ask({ query }),
    'another path': await send('/elsewhere'),
  };
  const kept = Object.entries(answers).map(([what, { status, headers }]) => [
    what,
    status,
    headers.get('cache-control'),
  ]);
  expect(kept).toEqual([
    ['answered', 200, 'private, no-store'],
    ['a field that is not there', 200, 'private, no-store'],
    ['not GraphQL', 400, 'private, no-store'],
    ['not signed in', 401, 'private, no-store'],
    ['another path', 404, 'private, no-store'],
  ]);
  const page = await send('/graphql', { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
});
