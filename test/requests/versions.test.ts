import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ id: 'foundry', platform: 'foundry', agents: 4, sessions: 40 });
});

afterAll(() => world.close());

const agentList = 'GET /agents?kind=hosted&order=desc&limit=100';
const versionList = (name: string) => `GET /agents/${name}/versions?order=desc&limit=100`;

interface Versioned {
  readonly nativeId: string;
  readonly latestVersion: { readonly version: string };
  readonly versions: readonly { readonly version: string; readonly agentName: string }[];
}

describe('the versions of agents', () => {
  test('are listed once for each agent, newest first, and only when they are selected', async () => {
    const none = await world.run('{ agents { nodes { name ... on FoundryAgent { latestVersion { version } } } } }');
    expect(none.requests.foundry).toEqual([agentList]);

    const selection = 'nativeId ... on FoundryAgent { latestVersion { version } versions { version agentName } }';
    const { data, errors, requests } = await world.run(
      `{ agents { nodes { ${selection} } } again: agents { nodes { ${selection} } } }`,
    );
    expect(errors).toEqual([]);
    const agents = (data as { agents: { nodes: readonly Versioned[] } }).agents.nodes;
    expect(agents).toHaveLength(3);
    expect(requests.foundry).toEqual([agentList, ...agents.map(({ nativeId }) => versionList(nativeId))].toSorted());
    for (const { nativeId, latestVersion, versions } of agents) {
      expect(versions[0]?.version).toBe(latestVersion.version);
      expect(versions.map(({ agentName }) => agentName)).toEqual(versions.map(() => nativeId));
      const numbers = versions.map(({ version }) => Number(version));
      expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    }
    expect(Math.max(...agents.map(({ versions }) => versions.length))).toBeGreaterThan(1);
  });

  test('are listed once for all sessions of an agent, and each is known from then on', async () => {
    const first = await world.run('{ agents(first: 1) { nodes { id nativeId } } }');
    const [agent] = (first.data as { agents: { nodes: readonly { id: string; nativeId: string }[] } }).agents.nodes;
    const { errors, requests } = await world.run(
      `query ($id: ID!) { agent(id: $id) { sessions(first: 20) { nodes {
        agent { ... on FoundryAgent { versions { id status } } }
      } } } }`,
      { id: agent?.id },
    );
    expect(errors).toEqual([]);
    const name = agent?.nativeId ?? '';
    expect(requests.foundry).toEqual(
      [
        `GET /agents/${name}`,
        `GET /agents/${name}/endpoint/sessions?order=desc&limit=21`,
        versionList(name),
      ].toSorted(),
    );

    const list = 'query ($id: ID!) { agent(id: $id) { ... on FoundryAgent { versions { id } } } }';
    const { data } = await world.run(list, { id: agent?.id });
    const versions = (data as { agent: { versions: readonly { id: string }[] } }).agent.versions;
    const after = await world.runAfter(
      list,
      `query ($id: ID!) { agent(id: $id) { id } ${versions.map(({ id }, at) => `v${at}: node(id: "${id}") { id }`).join(' ')} }`,
      { id: agent?.id },
    );
    expect(after.errors).toEqual([]);
    expect(after.requests.foundry).toEqual([]);
  });

  test('of which there are more than a page are read to the end', async () => {
    const name = 'many-versions';
    const platform = world.platform('foundry');
    platform.addAgent({ id: name });
    const page = (from: number, count: number, more: boolean) => {
      const data = Array.from({ length: count }, (_, at) => ({
        version: String(from - at),
        id: `${name}:${from - at}`,
      }));
      return JSON.stringify({ data, last_id: data.at(-1)?.id, has_more: more });
    };
    for (const [after, body] of [
      [null, page(150, 100, true)],
      [`${name}:51`, page(50, 50, false)],
    ] as const) {
      platform.fail({
        kind: 'status',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body,
        match: ({ url }) => {
          const { pathname, searchParams } = new URL(url, 'http://platform.invalid');
          return pathname.endsWith(`/${name}/versions`) && searchParams.get('after') === after;
        },
      });
    }
    const { data, errors, requests } = await world.run(
      '{ agents(first: 10) { nodes { nativeId ... on FoundryAgent { versions { version } } } } }',
    );
    platform.heal();
    platform.deleteAgent(name);
    expect(errors).toEqual([]);
    const found = (data as { agents: { nodes: readonly Versioned[] } }).agents.nodes.find(
      ({ nativeId }) => nativeId === name,
    );
    expect(found?.versions.map(({ version }) => Number(version))).toEqual(
      Array.from({ length: 150 }, (_, at) => 150 - at),
    );
    expect(requests.foundry?.filter((url) => url.includes(name))).toEqual([
      `GET /agents/${name}/versions?order=desc&after=${name}:51&limit=100`,
      versionList(name),
    ]);
  });

  test('that cannot be read are an error of that agent only; those of an agent that is gone are null', async () => {
    const platform = world.platform('foundry');
    const before = await world.run('{ agents { nodes { nativeId } } }');
    const [broken, gone, whole] = (
      before.data as { agents: { nodes: readonly { nativeId: string }[] } }
    ).agents.nodes.map(({ nativeId }) => nativeId);
    for (const [name, status] of [
      [broken, 400],
      [gone, 404],
    ] as const) {
      platform.fail({ kind: 'status', status, match: ({ url }) => url.includes(`/${name}/versions`) });
    }
    const { data, errors } = await world.run(
      '{ agents { nodes { nativeId ... on FoundryAgent { versions { agentName } } } } }',
    );
    platform.heal();
    expect(errors).toEqual([{ path: 'agents.nodes.0.versions', code: 'UPSTREAM_REJECTED', source: 'foundry' }]);
    const versions = (data as { agents: { nodes: readonly Versioned[] } }).agents.nodes.map((agent) => agent.versions);
    expect(versions.slice(0, 2)).toEqual([null, null]);
    expect(versions[2]?.[0]).toEqual({ agentName: whole });
  });
});
