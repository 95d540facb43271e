import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { without } from './sources.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ id: 'agno', platform: 'agno', dialect: '2.3' });
  await world.run('{ sessions(first: 1) { nodes { id } } }');
});

afterAll(() => world.close());

const listed = [
  'GET /sessions?type=agent&sort_by=created_at&sort_order=desc&limit=31&page=1',
  'GET /sessions?type=team&sort_by=created_at&sort_order=desc&limit=31&page=1',
  'GET /sessions?type=workflow&sort_by=created_at&sort_order=desc&limit=31&page=1',
];

interface Row {
  readonly nativeId: string;
  readonly kind: string;
}

async function ask(selection: string) {
  const { data, errors, requests } = await world.run(
    `{ sessions(first: 30) { nodes { nativeId kind ${selection} } } }`,
  );
  expect(errors).toEqual([]);
  const rows = (data as { sessions: { nodes: readonly (Row & Record<string, unknown>)[] } }).sessions.nodes;
  expect(rows).toHaveLength(30);
  expect(new Set(rows.map(({ kind }) => kind)).size).toBe(3);
  expect(requests.agno).toEqual(expect.arrayContaining(listed));
  const details = rows.map(({ nativeId, kind }) => `GET /sessions/${nativeId}?type=${kind.toLowerCase()}`).toSorted();
  return { rows, details, more: without(requests.agno ?? [], listed) };
}

describe('rows that leave out their agent, team, workflow and user', () => {
  test('are not read one by one when none of these is selected', async () => {
    const { more } = await ask('id title status createdAt updatedAt source { name }');
    expect(more).toEqual([]);
  });

  test.each([
    'agent { id }',
    'team { id }',
    'user { id }',
    '... on AgnoSession { workflow { id } }',
    '... on AgnoSession { agentId metrics totalTokens }',
    '... on AgnoSession { chatHistory { content } agentData metadata }',
  ])('are read one by one, once each, for %s', async (selection) => {
    const { more, details } = await ask(selection);
    expect(more).toEqual(details);
  });

  test('are read once for all four, and what they name is asked for in one list each', async () => {
    const { rows, more, details } = await ask(
      'agent { name } team { name } user { id } ... on AgnoSession { workflow { nativeId name } }',
    );
    const workflows = new Set(
      rows.flatMap(({ workflow }) => (workflow ? [`GET /workflows/${(workflow as Row).nativeId}`] : [])),
    );
    expect(workflows.size).toBeGreaterThan(0);
    expect(more).toEqual([...details, 'GET /agents', 'GET /teams', ...workflows].toSorted());
    const told = (kind: string, field: string) =>
      rows.filter((row) => row.kind === kind && row[field] !== null && row[field] !== undefined).length;
    expect(told('AGENT', 'agent')).toBeGreaterThan(0);
    expect(told('TEAM', 'team')).toBeGreaterThan(0);
    expect(told('WORKFLOW', 'workflow')).toBeGreaterThan(0);
    expect(rows.some(({ user }) => user !== null)).toBe(true);
  });

  test('are not read one by one for the agent when they come from the list of one agent', async () => {
    const { data } = await world.run('{ agents(first: 1) { nodes { id nativeId } } }');
    const [agent] = (data as { agents: { nodes: readonly { id: string; nativeId: string }[] } }).agents.nodes;
    const { requests } = await world.run(
      'query ($id: ID!) { agent(id: $id) { sessions(first: 5) { nodes { agent { name } } } } }',
      { id: agent?.id },
    );
    expect(requests.agno).toEqual([
      'GET /agents',
      `GET /sessions?type=agent&component_id=${agent?.nativeId}&sort_by=created_at&sort_order=desc&limit=6&page=1`,
    ]);
  });
});
