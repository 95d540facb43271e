import { afterEach, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldSource } from './world.ts';

// Some versions of Everruns answer `agent_id` with the sessions of all agents: one when it does not know the agent, one
// always. Their rows say whose they are, so they are filtered here like by any filter that a platform does not have.

let world: World;

afterEach(async () => {
  await world.close();
});

/** Six agents and their sessions, none of one moment: every 13th is of the first agent, the others by turns of the others. */
async function start(quirks: WorldSource['quirks'], sessions = 598): Promise<readonly string[]> {
  world = await startWorld({
    id: 'everruns',
    platform: 'everruns',
    sessions: 0,
    agents: 6,
    ...(quirks === undefined ? {} : { quirks }),
  });
  const platform = world.platform('everruns');
  const agents = platform.agentIds();
  for (let at = 0; at < sessions; at += 1) {
    const agent = agents[at % 13 === 0 ? 0 : 1 + (at % 5)] ?? '';
    platform.addSession({ agent, createdAt: 1_700_000_000_000 + at });
  }
  return agents;
}

const toId = (kind: string, key: string) => Buffer.from(`${kind}:everruns/${key}`).toString('base64url');

interface Page {
  readonly nodes: readonly { readonly nativeId: string }[];
  readonly totalCount: number | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly outcomes: readonly unknown[];
}

const complete = [{ status: 'COMPLETE', error: null }];

const walk = `query ($agents: [ID!], $after: String) {
  sessions(first: 20, after: $after, filter: { agents: $agents }) {
    nodes { nativeId } totalCount pageInfo { hasNextPage endCursor } outcomes { status error { code } }
  }
}`;

async function walkOf(agents: readonly string[]) {
  const nativeIds: string[] = [];
  const requests: number[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const answer = await world.run(walk, { agents: agents.map((agent) => toId('agent', agent)), after });
    expect(answer.errors).toEqual([]);
    const { sessions } = answer.data as { readonly sessions: Page };
    expect(sessions).toMatchObject({ totalCount: null, outcomes: complete });
    nativeIds.push(...sessions.nodes.map(({ nativeId }) => nativeId));
    requests.push(answer.requests.everruns?.length ?? 0);
    more = sessions.pageInfo.hasNextPage;
    after = sessions.pageInfo.endCursor;
  }
  return { nativeIds, requests };
}

/** As the platform itself knows, newest first. */
function sessionsOf(...agents: readonly string[]): readonly string[] {
  const platform = world.platform('everruns');
  return platform.sessionIds().filter((id) => agents.includes(platform.agentOf(id) ?? ''));
}

describe('where agent_id is ignored', () => {
  test('an agent has all of its sessions, in order, and no total', async () => {
    const [agent = ''] = await start({ ignoresAgentId: true });
    const { nativeIds, requests } = await walkOf([agent]);
    expect(nativeIds).toHaveLength(46);
    expect(nativeIds).toEqual(sessionsOf(agent));
    expect(
      requests.every((count) => count <= 7),
      `${requests}`,
    ).toBe(true);
    expect(
      await world.run(
        'query ($id: ID!) { agent(id: $id) { sessions(last: 3) { totalCount nodes { nativeId } outcomes { status } } } }',
        { id: toId('agent', agent) },
      ),
    ).toMatchObject({
      data: {
        agent: {
          sessions: {
            totalCount: null,
            nodes: sessionsOf(agent)
              .slice(-3)
              .map((nativeId) => ({ nativeId })),
            outcomes: [{ status: 'COMPLETE' }],
          },
        },
      },
      errors: [],
    });
  });

  test('several agents have all of theirs, each once, and the list is read once for all of them', async () => {
    const agents = (await start({ ignoresAgentId: true })).slice(0, 5);
    const { nativeIds, requests } = await walkOf(agents);
    expect(nativeIds).toEqual(sessionsOf(...agents));
    expect(
      requests.every((count) => count <= 4),
      `${requests}`,
    ).toBe(true);
  });

  test('all agents together have every session', async () => {
    const { nativeIds } = await walkOf(await start({ ignoresAgentId: true }, 150));
    expect(nativeIds).toEqual(world.platform('everruns').sessionIds());
  });
});

describe('where an unknown agent means everybody', () => {
  const gone = `agent_${'f'.repeat(32)}`;
  const alsoGone = `agent_${'e'.repeat(32)}`;

  test('an agent that is gone keeps its sessions, and one that never was has none', async () => {
    await start({ unknownAgent: 'everything' });
    const platform = world.platform('everruns');
    const own = [3, 2, 1].map((at) => platform.addSession({ agent: gone, createdAt: 1_600_000_000_000 + at }));
    expect((await walkOf([gone])).nativeIds).toEqual(own);
    expect((await walkOf([alsoGone])).nativeIds).toEqual([]);
  });

  test('agents that are gone and agents that are not have theirs, each once', async () => {
    const [first = '', second = ''] = await start({ unknownAgent: 'everything' }, 200);
    const platform = world.platform('everruns');
    for (const at of [3, 2, 1]) platform.addSession({ agent: gone, createdAt: 1_600_000_000_000 + at });
    for (const at of [5, 4]) platform.addSession({ agent: alsoGone, createdAt: 1_500_000_000_000 + at });
    for (const agents of [
      [first, gone, second, alsoGone],
      [gone, first, alsoGone, second],
      [first, second, gone],
    ]) {
      expect((await walkOf(agents)).nativeIds).toEqual(sessionsOf(...agents));
    }
  });
});

test('where agent_id works, only the rows of the agent are read, and they are counted', async () => {
  const [agent = ''] = await start({});
  const { data, requests } = await world.run(walk, { agents: [toId('agent', agent)] });
  expect(data).toMatchObject({ sessions: { totalCount: 46, outcomes: complete } });
  expect(requests).toEqual({ everruns: [`GET /v1/sessions?agent_id=${agent}&offset=0&limit=21`] });
});
