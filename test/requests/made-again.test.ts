import { expect, test } from 'vitest';
import type { RunningPlatform } from '../sandbox-controls/platform.ts';
import type { Answer } from '../server/ask.ts';
import { as, auth, openServer, start, stopClock, toSource } from './kept-world.ts';
import { everySource } from './sources.ts';

const fresh = { 'cache-control': 'no-cache' };

const page = `{
  sessions(first: 7) {
    edges { cursor node { id title status preview createdAt agent { id name } team { id name } user { id } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
    outcomes { source { slug } status ageMs error { code } scanned totalCount }
  }
}`;
const ids = '{ sessions(first: 7) { nodes { id } } }';

/** The answer, and how many requests reached the platform meanwhile. */
async function asked(platform: RunningPlatform, asking: () => Promise<Answer>) {
  platform.clearRequests();
  const { json } = await asking();
  expect(json).not.toHaveProperty('errors');
  return { json, requests: platform.requests.length };
}

function nodesOf({ json }: { readonly json: unknown }) {
  return (json as { data: { sessions: { nodes: readonly Record<string, unknown>[] } } }).data.sessions.nodes;
}

test.each(everySource)(
  'however often a page of $id is asked for, it says the same and asks for nothing',
  async (source) => {
    stopClock();
    const platform = await start(source);
    const { ask } = openServer({ sources: [toSource(platform)] });
    const first = await asked(platform, () => ask({ query: page }));
    expect(first.requests).toBeGreaterThan(0);
    // The second is made of what the first has read; the third is given what the second made.
    for (let time = 2; time <= 4; time += 1) {
      expect(await asked(platform, () => ask({ query: page }))).toEqual({ json: first.json, requests: 0 });
    }
    // A server that shares nothing says it, too.
    const alone = openServer({ server: { sharing: { enabled: false } }, sources: [toSource(platform)] });
    expect((await asked(platform, () => alone.ask({ query: page }))).json).toEqual(first.json);
  },
);

test.each(everySource)(
  'the pages of $id that follow are the same, however often they are asked for',
  async (source) => {
    stopClock();
    const platform = await start(source);
    const { ask } = openServer({ sources: [toSource(platform)] });
    const query =
      'query ($after: String) { sessions(first: 7, after: $after) { nodes { id } pageInfo { endCursor hasPreviousPage } } }';
    interface Page {
      readonly data: { readonly sessions: { readonly pageInfo: { readonly endCursor: string | null } } };
    }
    const walks: string[] = [];
    for (let time = 1; time <= 3; time += 1) {
      const walked: unknown[] = [];
      for (let after: string | null = null, pages = 0; pages < 4; pages += 1) {
        const { json } = await asked(platform, () => ask({ query, variables: { after } }));
        walked.push(json);
        after = (json as Page).data.sessions.pageInfo.endCursor;
      }
      walks.push(JSON.stringify(walked));
    }
    expect(new Set(walks).size).toBe(1);
  },
);

test.each(everySource)('what one caller reads anew of $id, the next is given', async (source) => {
  stopClock();
  const platform = await start(source);
  const { ask } = openServer({ sources: [toSource(platform)] });
  for (let time = 1; time <= 3; time += 1) await ask({ query: ids });
  const before = nodesOf(await asked(platform, () => ask({ query: ids })));
  platform.addSession(source.platform === 'everruns' ? {} : { user: 'alice' });
  expect(nodesOf(await asked(platform, () => ask({ query: ids })))).toEqual(before);
  const anew = nodesOf(await asked(platform, () => ask({ query: ids }, fresh)));
  expect(anew.slice(1)).toEqual(before.slice(0, 6));
  for (let time = 1; time <= 3; time += 1) {
    expect(nodesOf(await asked(platform, () => ask({ query: ids })))).toEqual(anew);
  }
});

test.each(['foundry', 'agentscope', 'agno'] as const)('viewers of %s are given no page of another', async (name) => {
  stopClock();
  const platform = await start({ platform: name });
  const { ask } = openServer({ server: { auth }, sources: [toSource(platform, { user: 'viewer' })] });
  const pages = new Map<string, unknown>();
  for (let time = 1; time <= 4; time += 1) {
    for (const viewer of ['alice', 'bob']) {
      const { json } = await asked(platform, () => ask({ query: page }, as(viewer)));
      expect(json).toEqual(pages.get(viewer) ?? json);
      pages.set(viewer, json);
    }
  }
  expect(pages.get('alice')).not.toEqual(pages.get('bob'));
});

test('a query that selects more is not given what was made for one that selects less', async () => {
  stopClock();
  const platform = await start({ platform: 'agentscope' });
  const { ask } = openServer({ sources: [toSource(platform)] });
  const query =
    'query ($more: Boolean!) { sessions(first: 7) { nodes { id ... on AgentScopeSession { state @include(if: $more) { replyId } } } } }';
  for (let time = 1; time <= 3; time += 1) {
    expect(nodesOf(await asked(platform, () => ask({ query, variables: { more: false } })))[0]).toEqual({
      id: expect.any(String),
    });
  }
  for (let time = 1; time <= 3; time += 1) {
    expect(nodesOf(await asked(platform, () => ask({ query, variables: { more: true } })))[0]).toEqual({
      id: expect.any(String),
      state: expect.objectContaining({}),
    });
  }
});

test('a page with a hole is read again', async () => {
  stopClock();
  const [failing, well] = [await start({ platform: 'agno' }), await start({ platform: 'everruns' })];
  const { ask } = openServer({ sources: [toSource(failing), toSource(well)] });
  const heal = failing.fail({ kind: 'status', status: 400 });
  for (let time = 1; time <= 3; time += 1) {
    expect((await asked(failing, () => ask({ query: page }))).requests).toBeGreaterThan(0);
  }
  heal();
  const { json } = await asked(failing, () => ask({ query: page }));
  expect(JSON.stringify(json)).toContain('{"source":{"slug":"agno"},"status":"COMPLETE"');
});
