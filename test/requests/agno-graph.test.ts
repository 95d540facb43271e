import { describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldSource } from './world.ts';

async function start(options: Partial<WorldSource> = {}): Promise<World> {
  const world = await startWorld({ id: 'agno', platform: 'agno', ...options });
  // The version is found out once for each process.
  await world.run('{ sessions(first: 1) { nodes { id } } }');
  return world;
}

function toId(name: string): string {
  return Buffer.from(name).toString('base64url');
}

describe('workflows', () => {
  test('are listed by one request, found by id, and list their sessions', async () => {
    await using world = await start({ sessions: 120 });
    const { data, requests } = await world.run('{ workflows { totalCount nodes { nativeId name description } } }');
    expect(data).toEqual({
      workflows: {
        totalCount: 2,
        nodes: [
          { nativeId: 'contract-intake', name: 'Contract Intake', description: null },
          { nativeId: 'weekly-report', name: 'Weekly Report', description: 'Every Friday at 16:00.' },
        ],
      },
    });
    expect(requests.agno).toEqual(['GET /workflows']);

    const id = toId('workflow:agno/weekly-report');
    const found = await world.run(
      `query ($id: ID!, $ids: [ID!]!) {
        workflow(id: $id) { id name ... on AgnoWorkflow { steps { name } } }
        workflowsById(ids: $ids) { nativeId }
        node(id: $id) { ... on Workflow { name } }
      }`,
      { id, ids: [id, toId('workflow:agno/gone')] },
    );
    expect(found.data).toEqual({
      workflow: { id, name: 'Weekly Report', steps: [{ name: expect.any(String) }, { name: 'Fact Checker' }] },
      workflowsById: [{ nativeId: 'weekly-report' }, null],
      node: { name: 'Weekly Report' },
    });
    expect(found.requests.agno).toEqual(['GET /workflows/gone', 'GET /workflows/weekly-report']);

    const sessions = await world.run(
      `query ($id: ID!) {
        workflow(id: $id) { sessions(first: 3) { totalCount nodes { kind workflow { nativeId } } outcomes { status } } }
        sessions(first: 3, filter: { workflows: [$id] }) { totalCount nodes { kind workflow { nativeId } } }
      }`,
      { id },
    );
    const node = { kind: 'WORKFLOW', workflow: { nativeId: 'weekly-report' } };
    const below = { totalCount: expect.any(Number), nodes: [node, node, node] };
    expect(sessions.data).toEqual({
      workflow: { sessions: { ...below, outcomes: [{ status: 'COMPLETE' }] } },
      sessions: below,
    });
    expect(sessions.requests.agno).toEqual([
      'GET /sessions?type=workflow&component_id=weekly-report&sort_by=created_at&sort_order=desc&limit=4&page=1',
      'GET /sessions?type=workflow&component_id=weekly-report&sort_by=created_at&sort_order=desc&limit=4&page=1',
      'GET /workflows/weekly-report',
    ]);
  });

  test('of a page of sessions are asked for together, and platforms without any have none', async () => {
    const world = await startWorld(
      { id: 'agno', platform: 'agno', dialect: '2.9', sessions: 0, agents: 3 },
      { id: 'everruns', platform: 'everruns', sessions: 5, agents: 2 },
    );
    const agno = world.platform('agno');
    for (let index = 0; index < 6; index += 1) {
      const agent = agno.addAgent({ kind: 'workflow', id: `flow-${index}`, name: `Flow ${index}` });
      agno.addSession({ kind: 'workflow', agent });
    }
    const { data, requests } = await world.run(
      '{ sessions(first: 20) { nodes { kind workflow { name } } } workflows { nodes { name } outcomes { status } } }',
    );
    const { sessions, workflows } = data as {
      sessions: { nodes: { kind: string; workflow: { name: string } | null }[] };
      workflows: { nodes: { name: string }[]; outcomes: unknown };
    };
    expect(sessions.nodes.map(({ workflow }) => workflow?.name ?? null).sort()).toEqual([
      ...['Flow 0', 'Flow 1', 'Flow 2', 'Flow 3', 'Flow 4', 'Flow 5'],
      ...[null, null, null, null, null],
    ]);
    expect(workflows.outcomes).toEqual([{ status: 'COMPLETE' }, { status: 'COMPLETE' }]);
    expect(workflows.nodes).toHaveLength(8);
    expect(requests.agno?.filter((request) => request.includes('/workflows'))).toEqual(['GET /workflows']);
    expect(requests.everruns?.filter((request) => request.includes('workflow'))).toEqual([]);
    const filtered = await world.run(
      'query ($ids: [ID!]!) { sessions(filter: { workflows: $ids }) { nodes { nativeId } outcomes { status scanned } } }',
      { ids: [toId('workflow:everruns/x')] },
    );
    expect(filtered.data).toEqual({
      sessions: {
        nodes: [],
        outcomes: [
          { status: 'COMPLETE', scanned: 0 },
          { status: 'COMPLETE', scanned: 0 },
        ],
      },
    });
  });
});

describe('a made-up id', () => {
  test.each(['2.3', '2.9', '3.1'])('of a session under another kind is null on %s', async (dialect) => {
    await using world = await start({ dialect, sessions: 0, agents: 3 });
    const platform = world.platform('agno');
    platform.addSession({ id: 's-agent', kind: 'agent', agent: 'lone-agent' });
    platform.addSession({ id: 's-team', kind: 'team', agent: 'customer-care' });
    platform.addSession({ id: 's-flow', kind: 'workflow', agent: 'weekly-report' });
    const kinds = ['agent', 'team', 'workflow'];
    const names = ['s-agent', 's-team', 's-flow'].flatMap((session) => kinds.map((kind) => `${kind}/${session}`));
    const { data, errors } = await world.run(
      'query ($ids: [ID!]!) { sessionsById(ids: $ids) { kind nativeId } nodes(ids: $ids) { ... on Session { kind } } }',
      { ids: names.map((name) => toId(`session:agno/${name}`)) },
    );
    expect(errors).toEqual([]);
    const nothing = null;
    expect(data).toEqual({
      sessionsById: [
        ...[{ kind: 'AGENT', nativeId: 's-agent' }, nothing, nothing],
        ...[nothing, { kind: 'TEAM', nativeId: 's-team' }, nothing],
        ...[nothing, nothing, { kind: 'WORKFLOW', nativeId: 's-flow' }],
      ],
      nodes: [
        ...[{ kind: 'AGENT' }, nothing, nothing],
        ...[nothing, { kind: 'TEAM' }, nothing],
        ...[nothing, nothing, { kind: 'WORKFLOW' }],
      ],
    });
  });
});

describe('an id that could name something else', () => {
  test('of a session is listed, and what would have to ask for it says why it does not', async () => {
    await using world = await start({ dialect: '2.9', sessions: 0, agents: 3 });
    for (const id of ['.', '..', 'a/b', '%2e%2e', 'plain']) world.platform('agno').addSession({ id });
    const listed = await world.run('{ sessions { nodes { nativeId metadata: title } outcomes { status } } }');
    const { sessions } = listed.data as { sessions: { nodes: { nativeId: string }[]; outcomes: unknown } };
    expect(sessions.nodes.map(({ nativeId }) => nativeId)).toEqual(['plain', '%2e%2e', 'a/b', '..', '.']);
    expect(sessions.outcomes).toEqual([{ status: 'COMPLETE' }]);
    const { data, errors, requests } = await world.run(
      '{ sessions { nodes { nativeId ... on AgnoSession { chatHistory { role } } } } }',
    );
    const { nodes } = (data as { sessions: { nodes: { nativeId: string; chatHistory: unknown }[] } }).sessions;
    expect(nodes.map(({ chatHistory }) => chatHistory === null)).toEqual([false, true, true, true, true]);
    expect(errors.map(({ path, code }) => [path, code])).toEqual(
      [1, 2, 3, 4].map((index) => [`sessions.nodes.${index}.chatHistory`, 'UPSTREAM_UNSAFE_ID']),
    );
    expect(requests.agno?.filter((request) => request.startsWith('GET /sessions/'))).toEqual([
      'GET /sessions/plain?type=agent',
    ]);
    const alone = await world.run('query ($id: ID!) { node(id: $id) { id } }', { id: toId('session:agno/agent/..') });
    expect(alone).toEqual({
      data: { node: null },
      errors: [{ path: 'node', code: 'UPSTREAM_UNSAFE_ID', source: 'agno' }],
      requests: { agno: [] },
    });
  });

  test('of an agent or a user is looked for in the rows, where rows have it', async () => {
    const query = `query ($agent: ID!, $user: ID!) {
      ofAgent: sessions(filter: { agents: [$agent] }) { nodes { nativeId } totalCount outcomes { status error { code } } }
      ofUser: sessions(filter: { users: [$user] }) { nodes { nativeId } outcomes { status error { code } } }
    }`;
    const variables = { agent: toId('agent:agno/a%2Fb'), user: '../x' };
    await using later = await start({ dialect: '2.9', sessions: 0, agents: 3 });
    later.platform('agno').addSession({ id: 'one', agent: 'a/b', user: '../x' });
    later.platform('agno').addSession({ id: 'two', agent: 'other', user: 'bob' });
    const answer = await later.run(query, variables);
    const complete = [{ status: 'COMPLETE', error: null }];
    expect(answer.data).toEqual({
      ofAgent: { nodes: [{ nativeId: 'one' }], totalCount: null, outcomes: complete },
      ofUser: { nodes: [{ nativeId: 'one' }], outcomes: complete },
    });
    expect(answer.requests.agno).toEqual([
      'GET /sessions?sort_by=created_at&sort_order=desc&limit=21&page=1',
      'GET /sessions?type=agent&sort_by=created_at&sort_order=desc&limit=21&page=1',
    ]);

    await using earlier = await start({ dialect: '2.3', sessions: 0, agents: 3 });
    const refused = await earlier.run(query, variables);
    expect(refused.data).toEqual({ ofAgent: null, ofUser: null });
    expect(refused.errors.map(({ path, code }) => [path, code])).toEqual([
      ['ofAgent', 'UPSTREAM_UNSAFE_ID'],
      ['ofUser', 'UPSTREAM_UNSAFE_ID'],
    ]);
    expect(refused.requests.agno?.filter((request) => request.includes('_id='))).toEqual([]);
  });
});
