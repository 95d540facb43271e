import { expect, test } from 'vitest';
import { startWorld } from './world.ts';

const query = `{ sessions(first: 10, filter: { statuses: [WAITING] }) {
  nodes {
    nativeId status nativeStatus source { slug }
    messages(last: 1) { nodes { status parts { ... on ToolCallPart { state } } } }
  }
  totalCount pageInfo { hasNextPage }
  outcomes { source { slug } status scanned totalCount }
} }`;

const day = 86_400_000;
const agent = `agent_${'a'.repeat(32)}`;
const everrunsId = `session_${'1'.repeat(32)}`;
const otherId = `session_${'2'.repeat(32)}`;

test('sessions that wait for somebody are one filter over all platforms, and a platform that reports none is not asked', async () => {
  const empty = { sessions: 0, agents: 0, users: ['alice'] };
  await using world = await startWorld(
    { id: 'foundry', platform: 'foundry', ...empty },
    { id: 'everruns', platform: 'everruns', ...empty },
    { id: 'scope', platform: 'agentscope', dialect: '2.0.10', ...empty },
    { id: 'agno', platform: 'agno', ...empty },
  );
  const [everruns, scope] = [world.platform('everruns'), world.platform('scope')];
  everruns.addAgent({ id: agent });
  everruns.addSession({ id: otherId, agent, status: 'idle', createdAt: day });
  everruns.addSession({ id: everrunsId, agent, status: 'waitingfortoolresults', createdAt: 2 * day });
  scope.addAgent({ id: 'ada', user: 'alice' });
  for (const [index, status] of ['idle', 'awaiting_permission', 'running', 'awaiting_external_result'].entries()) {
    scope.addSession({ id: status, agent: 'ada', user: 'alice', status, createdAt: (3 + index) * day });
  }
  const waiting = (nativeId: string, nativeStatus: string, slug: string, last: string, call: string) => ({
    nativeId,
    status: 'WAITING',
    nativeStatus,
    source: { slug },
    messages: { nodes: [{ status: last, parts: expect.arrayContaining([{ state: call }]) }] },
  });
  const { data, errors, requests } = await world.run(query);
  expect(errors).toEqual([]);
  expect(data).toEqual({
    sessions: {
      nodes: [
        // Something outside works on its call; nobody has to allow it.
        waiting('awaiting_external_result', 'awaiting_external_result', 'scope', 'IN_PROGRESS', 'RUNNING'),
        waiting('awaiting_permission', 'awaiting_permission', 'scope', 'WAITING', 'WAITING_FOR_APPROVAL'),
        waiting(everrunsId, 'waitingfortoolresults', 'everruns', 'WAITING', 'WAITING_FOR_APPROVAL'),
      ],
      // This server filters, so no platform counts. The list ends here, so there are three.
      totalCount: null,
      pageInfo: { hasNextPage: false },
      outcomes: [
        { source: { slug: 'foundry' }, status: 'COMPLETE', scanned: 0, totalCount: 0 },
        { source: { slug: 'everruns' }, status: 'COMPLETE', scanned: 2, totalCount: null },
        { source: { slug: 'scope' }, status: 'COMPLETE', scanned: 4, totalCount: null },
        { source: { slug: 'agno' }, status: 'COMPLETE', scanned: 0, totalCount: 0 },
      ],
    },
  });
  const isOfList = (url: string) => !url.includes('/messages');
  expect(Object.fromEntries(Object.entries(requests).map(([id, urls]) => [id, urls.filter(isOfList)]))).toEqual({
    foundry: [],
    everruns: ['GET /v1/sessions?offset=0&limit=100'],
    scope: ['GET /agent/', 'GET /sessions/?agent_id=ada'],
    agno: [],
  });
});
