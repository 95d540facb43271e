import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;

afterEach(async () => {
  await world.close();
});

const toId = (key: string) => Buffer.from(`session:everruns/${key}`).toString('base64url');

test('what Everruns shows in lists only is searched for when it is asked for, and then said wherever the session is', async () => {
  world = await startWorld({ id: 'everruns', platform: 'everruns', sessions: 0, agents: 1 });
  const platform = world.platform('everruns');
  const [agent = ''] = platform.agentIds();
  const ids = Array.from({ length: 120 }, (_, at) =>
    platform.addSession({ title: null, createdAt: 1_700_000_000_000 + at }),
  );
  const listed = await world.run('{ sessions(last: 100) { nodes { nativeId title preview } } }');
  const nodes = (listed.data as { sessions: { nodes: { nativeId: string; title: null; preview: string | null }[] } })
    .sessions.nodes;
  const previewed = nodes.find(({ preview }) => preview !== null);
  if (previewed === undefined) throw new Error('No session has a preview.');
  expect(previewed.title).toBeNull();
  expect(ids).toContain(previewed.nativeId);

  const id = toId(previewed.nativeId);
  expect(await world.run('query ($id: ID!) { session(id: $id) { nativeId title status } }', { id })).toMatchObject({
    data: { session: { nativeId: previewed.nativeId, title: null } },
    requests: { everruns: [`GET /v1/sessions/${previewed.nativeId}`] },
  });
  const { data, requests } = await world.run(
    'query ($id: ID!) { session(id: $id) { preview ... on EverrunsSession { again: preview outputPreview } } }',
    { id },
  );
  expect(data).toMatchObject({ session: { preview: previewed.preview, again: previewed.preview } });
  expect(requests.everruns?.[0]).toBe(`GET /v1/sessions/${previewed.nativeId}`);
  expect(requests.everruns?.slice(1)).toEqual(
    expect.arrayContaining([`GET /v1/sessions?agent_id=${agent}&offset=0&limit=100`]),
  );
  expect(requests.everruns?.length).toBeLessThanOrEqual(3);

  const inList = await world.run(
    '{ sessions(first: 20) { nodes { preview ... on EverrunsSession { outputPreview } } } }',
  );
  expect(inList.requests).toEqual({ everruns: ['GET /v1/sessions?offset=0&limit=21'] });
});
