import { graphql } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/schema.ts';
import { createHarness } from '../harness.ts';
import { startRealServer } from './real-server.ts';
import { chosenReleases, type Release } from './releases.ts';

const machine = 'Asia/Tokyo';
const query = `{ sessions(first: 5) { nodes {
  createdAt updatedAt agent { createdAt } messages(last: 1) { nodes { createdAt } }
  ... on AgentScopeSession { state { tasksContext { tasks { createdAt } } } }
} } }`;

interface Made {
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly agent: { readonly createdAt: string };
  readonly messages: { readonly nodes: readonly { readonly createdAt: string }[] };
  readonly state: { readonly tasksContext: { readonly tasks: readonly { readonly createdAt: string }[] } };
}

/** As docs/settings.md says: SQL storage keeps the times of records in UTC, Redis storage those of the machine. */
function timezonesOf({ timezone }: Release) {
  return { timezone: timezone === 'UTC' ? 'UTC' : machine, stateTimezone: machine };
}

describe.each(chosenReleases().filter(({ platform }) => platform === 'agentscope'))('$name in Tokyo', (release) => {
  test('dates a session, its agent, its task and its message now', async () => {
    const server = await startRealServer(release, machine);
    const world = await server.open({ agents: [], teams: [], sessions: [] });
    const settings = timezonesOf(release);
    const harness = createHarness([{ id: 'tokyo', provider: 'agentscope', url: world.url, user: 'alice', settings }]);
    try {
      const before = Date.now();
      await world.make('alice');
      const after = Date.now();
      const { data, errors } = await graphql({
        schema: createSchema(),
        source: query,
        contextValue: harness.operation(),
      });
      expect(errors).toBeUndefined();
      const [made] = (data as unknown as { readonly sessions: { readonly nodes: readonly Made[] } }).sessions.nodes;
      const times = [
        made?.createdAt,
        made?.updatedAt,
        made?.agent.createdAt,
        made?.messages.nodes[0]?.createdAt,
        made?.state.tasksContext.tasks[0]?.createdAt,
      ].map((time) => Date.parse(time ?? ''));
      // Which second it is: some stores round to it.
      for (const time of times) {
        expect(time).toBeGreaterThanOrEqual(before - 1000);
        expect(time).toBeLessThanOrEqual(after + 1000);
      }
    } finally {
      await harness.close();
      await server.close();
    }
  });
});
