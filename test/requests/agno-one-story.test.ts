import { graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHarness, type Harness } from '../harness.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { schema } from '../schema/execute.ts';

const everything = `
  __typename id nativeId kind title status nativeStatus createdAt updatedAt
  user { id } agent { id nativeId name } team { id nativeId name } workflow { id nativeId name }
  ... on AgnoSession {
    agentId teamId workflowId sessionState sessionSummary metrics totalTokens metadata
    agentData teamData workflowData workflowName sessionData
    chatHistory { id role name content reasoningContent createdAt images files metrics providerData }
  }
`;

describe.each(['2.3', '2.9', '3.1'])('a session of Agno %s', (dialect) => {
  let platform: RunningPlatform;
  let harness: Harness;

  beforeAll(async () => {
    platform = await startPlatform({ platform: 'agno', dialect, sessions: 60, agents: 6 });
    harness = createHarness([{ id: 'agno', provider: 'agno', url: platform.url }]);
  });

  afterAll(async () => {
    await harness.close();
    await platform.close();
  });

  async function ask(source: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { data, errors } = await graphql({
      schema,
      source,
      variableValues: variables,
      contextValue: harness.operation(),
    });
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data));
  }

  test('says the same of itself in lists, by its id, in batches, to gateways and below its agent and user', async () => {
    const { sessions } = (await ask(`{ sessions(first: 60) { nodes { ${everything} } } }`)) as {
      sessions: { nodes: readonly (Record<string, unknown> & { id: string })[] };
    };
    const listed = sessions.nodes;
    expect(listed).toHaveLength(60);
    for (const field of ['sessionState', 'sessionSummary', 'metrics', 'totalTokens', 'metadata', 'sessionData']) {
      expect(
        listed.some((row) => row[field] !== null),
        field,
      ).toBe(true);
    }
    expect(listed.some(({ kind, totalTokens }) => kind === 'WORKFLOW' && typeof totalTokens === 'number')).toBe(true);
    const ids = listed.map(({ id }) => id);
    const batch = await ask(`query ($ids: [ID!]!) { rows: sessionsById(ids: $ids) { ${everything} } }`, { ids });
    expect(batch.rows).toEqual(listed);
    const nodes = await ask(`query ($ids: [ID!]!) { rows: nodes(ids: $ids) { ... on Session { ${everything} } } }`, {
      ids,
    });
    expect(nodes.rows).toEqual(listed);
    const entities = await ask(
      `query ($of: [_Any!]!) { rows: _entities(representations: $of) { ... on Session { ${everything} } } }`,
      { of: ids.map((id) => ({ __typename: 'AgnoSession', id })) },
    );
    expect(entities.rows).toEqual(listed);
    for (const [index, id] of ids.entries()) {
      if (index % 10 !== 0) continue;
      const one = await ask(`query ($id: ID!) { session(id: $id) { ${everything} } }`, { id });
      expect(one.session).toEqual(listed[index]);
    }
    const below = await ask(`{
      agents(first: 50) { nodes { sessions(first: 60, filter: { users: ["alice", "bob"] }) { nodes { ${everything} } } } }
    }`);
    const lists = below as { agents: { nodes: { sessions: { nodes: { id: string }[] } }[] } };
    const rows = lists.agents.nodes.flatMap((agent) => agent.sessions.nodes);
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(row).toEqual(listed.find(({ id }) => id === row.id));
  });
});
