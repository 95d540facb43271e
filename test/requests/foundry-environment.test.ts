import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld(
    { id: 'closed', platform: 'foundry', agents: 0, sessions: 0 },
    { id: 'open', platform: 'foundry', agents: 0, sessions: 0, settings: { environmentValues: true } },
  );
  for (const id of ['closed', 'open']) world.platform(id).addAgent({ id: `${id}-agent` });
});

afterAll(() => world.close());

const selection = 'agentName definition { environmentVariables { name value } }';

const closed = {
  agentName: 'closed-agent',
  definition: { environmentVariables: [{ name: 'LOG_LEVEL', value: null }] },
};
const open = { agentName: 'open-agent', definition: { environmentVariables: [{ name: 'LOG_LEVEL', value: 'info' }] } };

test('the values of environment variables are shown only where the source allows it, the names everywhere', async () => {
  const { data, errors, requests } = await world.run(
    `{ agents { nodes { ... on FoundryAgent { latestVersion { ${selection} } } } } }`,
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    agents: { nodes: expect.arrayContaining([{ latestVersion: closed }, { latestVersion: open }]) },
  });
  const list = ['GET /agents?kind=hosted&order=desc&limit=100'];
  expect(requests).toEqual({ closed: list, open: list });
});

test('the same holds for versions that are listed', async () => {
  const { data, errors } = await world.run(
    `{ agents { nodes { name ... on FoundryAgent { versions { ${selection} } } } } }`,
  );
  expect(errors).toEqual([]);
  const agents = (data as { agents: { nodes: readonly { name: string; versions: readonly unknown[] }[] } }).agents
    .nodes;
  const versions = new Map(agents.map((agent) => [agent.name, agent.versions]));
  expect(versions.get('closed-agent')?.length).toBeGreaterThan(1);
  expect(versions.get('open-agent')?.length).toBeGreaterThan(1);
  for (const version of versions.get('closed-agent') ?? []) expect(version).toEqual(closed);
  for (const version of versions.get('open-agent') ?? []) expect(version).toEqual(open);
});

test('the same holds for a version that is looked up by its id', async () => {
  const { data } = await world.run('{ agents { nodes { name ... on FoundryAgent { latestVersion { id } } } } }');
  const agents = (data as { agents: { nodes: readonly { name: string; latestVersion: { id: string } }[] } }).agents
    .nodes;
  const idOf = (name: string) => agents.find((agent) => agent.name === name)?.latestVersion.id;
  const query = `query ($id: ID!) { node(id: $id) { ... on FoundryAgentVersion { ${selection} } } }`;
  expect(await world.run(query, { id: idOf('closed-agent') })).toMatchObject({ data: { node: closed }, errors: [] });
  expect(await world.run(query, { id: idOf('open-agent') })).toMatchObject({ data: { node: open }, errors: [] });
});
