import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from './world.ts';

const query = `{ sessions(first: 10) {
  nodes { nativeId } totalCount pageInfo { hasNextPage }
  outcomes { status scanned totalCount error { code message retryable } }
} }`;

let world: World;

afterEach(() => world.close());

/** The first agent says that it has this many sessions and sends two, the second has one. */
async function readCounted(total: unknown) {
  world = await startWorld({ id: 'agentscope', platform: 'agentscope', sessions: 0, agents: 0 });
  const platform = world.platform('agentscope');
  for (const id of ['writer', 'checker']) platform.addAgent({ id, user: 'alice' });
  platform.addSession({ id: 'own', agent: 'checker', user: 'alice', createdAt: Date.UTC(2026, 0, 3) });
  platform.fail({
    kind: 'status',
    status: 200,
    match: ({ url }) => url.includes('agent_id=writer'),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      sessions: [
        { id: 'second', agent_id: 'writer', created_at: '2026-01-02T00:00:00' },
        { id: 'first', agent_id: 'writer', created_at: '2026-01-01T00:00:00' },
      ],
      total,
    }),
  });
  const { data, errors } = await world.run(query);
  expect(errors).toEqual([]);
  return data;
}

const nodes = [{ nativeId: 'own' }, { nativeId: 'second' }, { nativeId: 'first' }];
const whole = { status: 'COMPLETE', scanned: 3, totalCount: 3, error: null };

test.each([[2], [1], [0], [null], ['seven'], [7.5]])('a list of two that counts %j is whole', async (total) => {
  expect(await readCounted(total)).toEqual({
    sessions: { nodes, totalCount: 3, pageInfo: { hasNextPage: false }, outcomes: [whole] },
  });
});

test('a list of two that counts seven is PARTIAL, and counted as the platform counts it', async () => {
  expect(await readCounted(7)).toEqual({
    sessions: {
      nodes,
      totalCount: 8,
      // Asking again brings no more.
      pageInfo: { hasNextPage: false },
      outcomes: [
        {
          status: 'PARTIAL',
          scanned: 3,
          totalCount: 8,
          error: {
            code: 'ROWS_MISSING',
            message: 'Source "agentscope" counts sessions that it does not return, so they are missing from this page.',
            retryable: false,
          },
        },
      ],
    },
  });
});

test('the list of one agent that is a 500 for good costs its sessions and nothing else', async () => {
  world = await startWorld({ id: 'agentscope', platform: 'agentscope', dialect: '2.0.1', sessions: 0, agents: 0 });
  const platform = world.platform('agentscope');
  for (const id of ['writer', 'checker', 'helper']) platform.addAgent({ id, user: 'alice' });
  platform.addSession({ id: 'first', agent: 'writer', user: 'alice', createdAt: Date.UTC(2026, 0, 1) });
  platform.addSession({ id: 'broken', agent: 'checker', user: 'alice', createdAt: Date.UTC(2026, 0, 2) });
  platform.addSession({ id: 'third', agent: 'helper', user: 'alice', createdAt: Date.UTC(2026, 0, 3) });
  // What 2.0.1 makes of a name of null.
  platform.updateSession('broken', { title: null });
  const { data, errors } = await world.run('{ sessions { nodes { nativeId } outcomes { status error { code } } } }');
  expect(errors).toEqual([]);
  expect(data).toEqual({
    sessions: {
      nodes: [{ nativeId: 'third' }, { nativeId: 'first' }],
      outcomes: [{ status: 'PARTIAL', error: { code: 'UPSTREAM_UNAVAILABLE' } }],
    },
  });
});
