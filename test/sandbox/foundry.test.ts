import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Answer, ask, askJson, told } from './ask.ts';

interface Row {
  readonly agent_session_id: string;
  readonly status: string;
  readonly created_at: number;
  readonly version_indicator: { readonly agent_version: string };
}
interface Page<T = Row> {
  readonly data: readonly T[];
  readonly first_id?: string;
  readonly last_id?: string;
  readonly has_more: boolean;
}

function foundry(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  return startPlatform({ platform: 'foundry', ...options });
}

function sessionsPath(agent: string, query = ''): string {
  return `/agents/${agent}/endpoint/sessions?api-version=v1${query}`;
}

async function walk(platform: RunningPlatform, agent: string, query: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after = '';
  for (;;) {
    const page = await askJson<Page>(platform.url, sessionsPath(agent, `${query}${after}`));
    rows.push(...page.data);
    if (!page.has_more) return rows;
    after = `&after=${page.last_id}`;
  }
}

async function hostedNames(platform: RunningPlatform): Promise<readonly string[]> {
  const page = await askJson<Page<{ name: string }>>(platform.url, '/agents?api-version=v1&kind=hosted&limit=100');
  return page.data.map(({ name }) => name);
}

/** Request ids differ by nothing but their hash; they would only make snapshots long. */
function toldShort(answer: Answer): string {
  return told(answer).replace(/[0-9a-f]{32}/g, '<id>');
}

test('walks by id in both orders and reports no total', async () => {
  await using platform = await foundry();
  const names = await hostedNames(platform);
  const all: string[] = [];
  for (const name of names) {
    const newest = await walk(platform, name, '&limit=7');
    const oldest = await walk(platform, name, '&limit=100&order=asc');
    expect(oldest.map((row) => row.agent_session_id)).toEqual(newest.map((row) => row.agent_session_id).reverse());
    all.push(...newest.map((row) => row.agent_session_id));
  }
  expect(all.sort()).toEqual([...platform.sessionIds()].sort());
  const page = await askJson<Page>(platform.url, sessionsPath(names[0] ?? '', '&limit=2'));
  expect(Object.keys(page)).toEqual(['data', 'first_id', 'last_id', 'has_more']);
});

test('answers an empty list without ids', async () => {
  await using platform = await foundry({ sessions: 0, agents: 1 });
  const page = await ask(platform.url, sessionsPath('billing-assistant'));
  expect(told(page)).toBe('200 application/json {"data":[],"has_more":false}');
});

test('keeps the window between after and before', async () => {
  await using platform = await foundry({ sessions: 12, agents: 1 });
  const ids = platform.sessionIds();
  const listed = async (query: string) => {
    const page = await askJson<Page>(platform.url, sessionsPath('billing-assistant', query));
    return [page.data.map((row) => ids.indexOf(row.agent_session_id)), page.has_more];
  };
  expect(await listed(`&after=${ids[2]}&limit=3`)).toEqual([[3, 4, 5], true]);
  expect(await listed(`&after=${ids[8]}`)).toEqual([[9, 10, 11], false]);
  expect(await listed(`&before=${ids[6]}&limit=2`)).toEqual([[4, 5], true]);
  expect(await listed(`&after=${ids[2]}&before=${ids[6]}`)).toEqual([[3, 4, 5], false]);
  expect(await listed(`&after=${ids[2]}&order=asc`)).toEqual([[1, 0], false]);
});

test('words its refusals like OpenAI', async () => {
  await using platform = await foundry({ sessions: 3, agents: 4 });
  const prompt = 'market-researcher';
  const paths = [
    '/agents/billing-assistant/endpoint/sessions',
    '/agents?api-version=v9',
    sessionsPath('billing-assistant', '&limit=0'),
    sessionsPath('billing-assistant', '&limit=101'),
    sessionsPath('billing-assistant', '&order=newest'),
    sessionsPath('billing-assistant', '&after=unknown'),
    sessionsPath('nobody'),
    sessionsPath(prompt),
    '/agents/billing-assistant/endpoint/sessions/files?api-version=v1',
    '/agents/billing-assistant/versions/99?api-version=v1',
    '/agents/billing-assistant%2Fversions?api-version=v1',
  ];
  const answers = await Promise.all(paths.map((path) => ask(platform.url, path)));
  expect(answers.map(toldShort)).toMatchInlineSnapshot(`
    [
      "400 application/json {"error":{"code":"invalid_request_error","message":"The required query parameter 'api-version' is missing.","param":"api-version","type":"invalid_request_error"}}",
      "400 application/json {"error":{"code":"invalid_request_error","message":"API version 'v9' is not supported.","param":"api-version","type":"invalid_request_error"}}",
      "400 application/json {"error":{"code":"invalid_request_error","message":"Invalid value '0' for limit: it must be an integer between 1 and 100.","param":"limit","type":"invalid_request_error"}}",
      "400 application/json {"error":{"code":"invalid_request_error","message":"Invalid value '101' for limit: it must be an integer between 1 and 100.","param":"limit","type":"invalid_request_error"}}",
      "400 application/json {"error":{"code":"invalid_request_error","message":"Invalid value 'newest' for order: use asc or desc.","param":"order","type":"invalid_request_error"}}",
      "400 application/json {"error":{"code":"invalid_request_error","message":"No object with id 'unknown' was found.","param":"after","type":"invalid_request_error"}}",
      "404 application/json {"error":{"code":"not_found","message":"Agent 'nobody' doesn't exist. [Request ID: <id>]","type":"invalid_request_error","details":[],"additionalInfo":{"request_id":"<id>"}}}",
      "400 application/json {"error":{"code":"invalid_request_error","message":"Agent 'market-researcher' is not a hosted agent.","param":"agent_name","type":"invalid_request_error"}}",
      "404 application/json {"error":{"code":"session_not_found","message":"Session 'files' was not found or has been deleted. [Request ID: <id>]","type":"invalid_request_error","details":[],"additionalInfo":{"request_id":"<id>"}}}",
      "404 application/json {"error":{"code":"not_found","message":"Version '99' of agent 'billing-assistant' doesn't exist. [Request ID: <id>]","type":"invalid_request_error","details":[],"additionalInfo":{"request_id":"<id>"}}}",
      "404 application/json {"error":{"code":"not_found","message":"Agent 'billing-assistant/versions' doesn't exist. [Request ID: <id>]","type":"invalid_request_error","details":[],"additionalInfo":{"request_id":"<id>"}}}",
    ]
  `);
});

test('can answer an unknown cursor with an empty page', async () => {
  await using platform = await foundry({ sessions: 3, agents: 1, quirks: { unknownAfter: 'empty' } });
  expect(await askJson(platform.url, sessionsPath('billing-assistant', '&after=gone'))).toEqual({
    data: [],
    has_more: false,
  });
});

test('lists deleted and expired sessions that GET no longer finds', async () => {
  await using platform = await foundry();
  const [name = ''] = await hostedNames(platform);
  const rows = await walk(platform, name, '&limit=100');
  const statuses = new Set(rows.map(({ status }) => status));
  for (const status of ['Idle', 'idle', 'Active', 'Deleted', 'deleted', 'expired', 'failed', 'hibernating']) {
    expect(statuses).toContain(status);
  }
  for (const row of rows.slice(0, 60)) {
    const { status } = await ask(
      platform.url,
      `/agents/${name}/endpoint/sessions/${row.agent_session_id}?api-version=v1`,
    );
    expect([row.status, status]).toEqual([row.status, /^(deleted|expired)$/i.test(row.status) ? 404 : 200]);
  }
});

test('lingers after a deletion, or purges', async () => {
  for (const purgeDeleted of [false, true]) {
    await using platform = await foundry({ sessions: 5, agents: 1, quirks: { purgeDeleted } });
    const id = platform.addSession({ id: 'fresh-session' });
    expect(platform.deleteSession(id)).toBe(true);
    const { data } = await askJson<Page>(platform.url, sessionsPath('billing-assistant'));
    expect(data.map((row) => [row.agent_session_id, row.status]).slice(0, 1)).toEqual(
      purgeDeleted ? [[platform.sessionIds()[0], data[0]?.status]] : [['fresh-session', 'deleted']],
    );
    expect(data).toHaveLength(purgeDeleted ? 5 : 6);
    expect(
      (await ask(platform.url, '/agents/billing-assistant/endpoint/sessions/fresh-session?api-version=v1')).status,
    ).toBe(404);
  }
});

test('has prompt agents beside hosted ones, versions, and sessions of a deleted version', async () => {
  await using platform = await foundry();
  const all = await askJson<Page<{ name: string; id: string }>>(platform.url, '/agents?api-version=v1&limit=100');
  const hosted = await hostedNames(platform);
  expect(all.data.map(({ name }) => name)).toEqual(platform.agentIds());
  expect(hosted.length).toBeLessThan(all.data.length);
  expect(all.data.every(({ id, name }) => id === name)).toBe(true);
  let dangling = 0;
  for (const name of hosted) {
    const versions = await askJson<Page<{ version: string }>>(platform.url, `/agents/${name}/versions?api-version=v1`);
    const known = versions.data.map(({ version }) => version);
    const agent = await askJson<{ versions: { latest: { version: string } } }>(
      platform.url,
      `/agents/${name}?api-version=v1`,
    );
    expect(known[0]).toBe(agent.versions.latest.version);
    for (const row of await walk(platform, name, '&limit=100')) {
      const version = row.version_indicator.agent_version;
      if (known.includes(version)) continue;
      dangling += 1;
      expect((await ask(platform.url, `/agents/${name}/versions/${version}?api-version=v1`)).status).toBe(404);
    }
  }
  expect(dangling).toBeGreaterThan(0);
});

test('uses one id under two agents, and one second for more than a page', async () => {
  await using platform = await foundry();
  const agentsOf = new Map<string, Set<string>>();
  const seconds = new Map<string, number>();
  for (const name of await hostedNames(platform)) {
    for (const row of await walk(platform, name, '&limit=100')) {
      agentsOf.set(row.agent_session_id, (agentsOf.get(row.agent_session_id) ?? new Set()).add(name));
      const second = `${name} ${row.created_at}`;
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
  }
  expect([...agentsOf.values()].some((names) => names.size === 2)).toBe(true);
  expect(Math.max(...seconds.values())).toBeGreaterThanOrEqual(30);
});

test('shows a caller with an identity only its own sessions', async () => {
  await using platform = await foundry({ sessions: 60, agents: 1 });
  const path = sessionsPath('billing-assistant', '&limit=100');
  for (const header of ['x-ms-user-isolation-key', 'x-ms-user-identity']) {
    const { data } = await askJson<Page>(platform.url, path, { headers: { [header]: 'bob' } });
    expect(data.map((row) => row.agent_session_id)).toEqual(platform.sessionIds('bob'));
    expect(data.every((row) => platform.ownerOf(row.agent_session_id) === 'bob')).toBe(true);
  }
  const id = platform.addSession({ user: 'carol' });
  const foreign = await ask(platform.url, `/agents/billing-assistant/endpoint/sessions/${id}?api-version=v1`, {
    headers: { 'x-ms-user-identity': 'bob' },
  });
  expect(toldShort(foreign)).toContain('403 application/json {"error":{"code":"session_not_accessible"');
});

test('asks for a token, and for the preview header when told so', async () => {
  await using platform = await foundry({
    sessions: 1,
    agents: 1,
    credential: 'token',
    quirks: { requireFeatureHeader: true },
  });
  const path = sessionsPath('billing-assistant');
  const authorization = 'Bearer token';
  const features = { 'foundry-features': 'AgentEndpoints=V1Preview' };
  expect(told(await ask(platform.url, path))).toBe(
    '401 application/json {"error":{"code":"Unauthorized","message":"Access denied due to a missing or invalid token."}}',
  );
  const refused = await ask(platform.url, path, { headers: { authorization } });
  expect(JSON.parse(refused.body)).toMatchObject({
    error: { code: 'preview_feature_required', param: 'Foundry-Features' },
  });
  expect((await ask(platform.url, path, { headers: { authorization, ...features } })).status).toBe(200);
});

test('shuffles ties anew for each request', async () => {
  await using platform = await foundry({ quirks: { shuffleTies: true } });
  const page = () => askJson<Page>(platform.url, sessionsPath('billing-assistant', '&limit=100'));
  const [first, second] = [await page(), await page()];
  expect(first.data.map((row) => row.agent_session_id)).not.toEqual(second.data.map((row) => row.agent_session_id));
  expect(first.data.map((row) => row.created_at)).toEqual(second.data.map((row) => row.created_at));
});

test('sees what is added, changed and deleted while it runs', async () => {
  await using platform = await foundry({ sessions: 4, agents: 2 });
  const agent = platform.addAgent({ name: 'night-desk' });
  platform.addSession({ agent, id: 'shared-session' });
  platform.addSession({ agent: 'billing-assistant', id: 'shared-session', createdAt: Date.UTC(2025, 0, 1) });
  expect(platform.updateSession('night-desk/shared-session', { status: 'failed' })).toBe(true);
  const status = async (name: string) =>
    (await askJson<Row>(platform.url, `/agents/${name}/endpoint/sessions/shared-session?api-version=v1`)).status;
  expect([await status('night-desk'), await status('billing-assistant')]).toEqual(['failed', 'active']);
  expect(platform.agentOf('billing-assistant/shared-session')).toBe('billing-assistant');
  expect(platform.deleteAgent('night-desk')).toBe(true);
  expect((await ask(platform.url, sessionsPath('night-desk'))).status).toBe(404);
  expect(platform.sessionIds()).toHaveLength(5);
});
