import { expect, test } from 'vitest';
import { without } from './sources.ts';
import { startWorld } from './world.ts';

test('what only a single Agno session has is read for each row, once, and only when it is selected', async () => {
  const world = await startWorld({ id: 'agno', platform: 'agno', dialect: '2.9' });
  await world.run('{ sessions(first: 1) { nodes { id } } }');
  const listed = ['GET /sessions?sort_by=created_at&sort_order=desc&limit=11&page=1'];

  const light = await world.run(
    '{ sessions(first: 10) { nodes { ... on AgnoSession { metrics metadata agentId } } } }',
  );
  expect(light.requests.agno).toEqual(listed);

  const { data, errors, requests } = await world.run(`{
    sessions(first: 10) {
      nodes { nativeId kind ... on AgnoSession { chatHistory { role content } agentData teamData workflowData } }
    }
  }`);
  await world.close();
  expect(errors).toEqual([]);
  const { nodes } = (data as { sessions: { nodes: { nativeId: string; kind: string; chatHistory: unknown[] }[] } })
    .sessions;
  expect(nodes.some(({ chatHistory }) => chatHistory.length > 0)).toBe(true);
  expect(without(requests.agno ?? [], listed)).toEqual(
    nodes.map(({ nativeId, kind }) => `GET /sessions/${nativeId}?type=${kind.toLowerCase()}`).toSorted(),
  );
});
