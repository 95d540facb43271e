import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, askJson, told } from './ask.ts';

type Row = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly created_at: string;
  readonly agent_id: string;
};
interface Page {
  readonly data: readonly Row[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

function everruns(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  return startPlatform({ platform: 'everruns', ...options });
}

async function walk(platform: RunningPlatform, size: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await askJson<Page>(platform.url, `/v1/sessions?offset=${rows.length}&limit=${size}`);
    if (page.data.length === 0) return rows;
    rows.push(...page.data);
  }
}

test('pages by offset and echoes what it did', async () => {
  await using platform = await everruns({ sessions: 130 });
  const { url } = platform;
  expect(await askJson<Page>(url, '/v1/sessions')).toMatchObject({ total: 130, offset: 0, limit: 20 });
  const clamped = await askJson<Page>(url, '/v1/sessions?limit=500&offset=10');
  expect([clamped.data.length, clamped.limit, clamped.offset]).toEqual([100, 100, 10]);
  expect(await askJson<Page>(url, '/v1/sessions?limit=0')).toEqual({ data: [], total: 130, offset: 0, limit: 0 });
  expect(await askJson<Page>(url, '/v1/sessions?offset=900')).toEqual({ data: [], total: 130, offset: 900, limit: 20 });
});

test('a walk sees every session once, newest first', async () => {
  await using platform = await everruns({ sessions: 400 });
  const rows = await walk(platform, 37);
  expect(rows.map(({ id }) => id)).toEqual(platform.sessionIds());
  expect(new Set(rows.map(({ id }) => id)).size).toBe(400);
  const seconds = rows.map((row) => row.created_at.slice(0, 19));
  expect(seconds).toEqual([...seconds].sort().reverse());
});

test('refuses a bad query in plain text', async () => {
  await using platform = await everruns({ sessions: 1 });
  const { url } = platform;
  const queries = [
    'limit=-1',
    'limit=abc',
    'limit=',
    'offset=4294967296',
    'limit=1&limit=2',
    'agent_id=bogus',
    'agent_id=',
  ];
  const answers = await Promise.all(queries.map((query) => ask(url, `/v1/sessions?${query}`)));
  expect(answers.map(told)).toMatchInlineSnapshot(`
    [
      "400 text/plain; charset=utf-8 Failed to deserialize query string: limit: invalid digit found in string",
      "400 text/plain; charset=utf-8 Failed to deserialize query string: limit: invalid digit found in string",
      "400 text/plain; charset=utf-8 Failed to deserialize query string: limit: cannot parse integer from empty string",
      "400 text/plain; charset=utf-8 Failed to deserialize query string: offset: number too large to fit in target type",
      "400 text/plain; charset=utf-8 Failed to deserialize query string: duplicate field \`limit\`",
      "400 text/plain; charset=utf-8 Failed to deserialize query string: agent_id: invalid prefix: expected 'agent', got 'bogus'",
      "400 text/plain; charset=utf-8 Failed to deserialize query string: agent_id: invalid prefix: expected 'agent', got ''",
    ]
  `);
  expect((await ask(url, '/v1/sessions?unknown=1&order=asc')).status).toBe(200);
});

test('leaves optional fields out, and previews out of a single session', async () => {
  await using platform = await everruns({ sessions: 300 });
  const { url } = platform;
  const { data } = await askJson<Page>(url, '/v1/sessions?limit=100');
  expect(data.every((row) => Object.values(row).every((value) => value !== null))).toBe(true);
  for (const field of ['title', 'preview', 'output_preview', 'model_id', 'started_at', 'finished_at', 'usage']) {
    expect(
      data.some((row) => field in row),
      field,
    ).toBe(true);
    expect(
      data.some((row) => !(field in row)),
      field,
    ).toBe(true);
  }
  const full: Partial<Row> = data.find((row) => 'preview' in row && 'output_preview' in row) ?? {};
  const { preview, output_preview, ...rest } = full;
  expect(preview).toBeTypeOf('string');
  expect(output_preview).toBeTypeOf('string');
  expect(await askJson(url, `/v1/sessions/${rest.id}`)).toEqual(rest);
});

test('shows the states, tie groups and fraction lengths that real servers show', async () => {
  await using platform = await everruns({ sessions: 600 });
  const rows = await walk(platform, 100);
  const fractions = new Set(rows.map((row) => (row.created_at.split('.')[1] ?? 'Z').length - 1));
  expect([...fractions].sort()).toEqual([0, 3, 6, 9]);
  const statuses = new Set(rows.map(({ status }) => status));
  for (const status of ['idle', 'active', 'started', 'waitingfortoolresults', 'paused', 'migrating']) {
    expect(statuses).toContain(status);
  }
  const groups = new Map<string, number>();
  for (const row of rows) groups.set(row.created_at, (groups.get(row.created_at) ?? 0) + 1);
  expect(Math.max(...groups.values())).toBeGreaterThanOrEqual(30);
  expect(rows.some((row) => typeof row.title === 'string' && row.title.length === 255)).toBe(true);
});

test('names what is wrong with an id in the path', async () => {
  await using platform = await everruns({ sessions: 1 });
  const { url } = platform;
  const paths = [
    '/v1/sessions/foo_1',
    '/v1/sessions/session_01933b5a00007000800000000000001',
    `/v1/sessions/session_${'G'.repeat(32)}`,
    `/v1/sessions/session_${'0'.repeat(32)}`,
    `/v1/agents/agent_${'0'.repeat(32)}`,
    '/v1/agents/a%2Fb',
    '/v1/sessions/x/y',
    '/v1/nothing',
  ];
  const answers = await Promise.all(paths.map((path) => ask(url, path)));
  expect(answers.map(told)).toMatchInlineSnapshot(`
    [
      "400 application/json {"error":"Invalid session ID: invalid prefix: expected 'session', got 'foo'"}",
      "400 application/json {"error":"Invalid session ID: invalid length: expected 32, got 31"}",
      "400 application/json {"error":"Invalid session ID: invalid hex in ID: GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG"}",
      "404 application/json {"error":"Session not found"}",
      "404 application/json {"error":"Agent not found"}",
      "400 application/json {"error":"Invalid agent ID: invalid prefix: expected 'agent', got 'a/b'"}",
      "404 - ",
      "404 - ",
    ]
  `);
  expect(await ask(url, '/v1/sessions', { method: 'PUT' })).toMatchObject({ status: 405, body: '' });
});

test('filters by agent; for an unknown one it is empty, or everything in one version', async () => {
  await using platform = await everruns({ sessions: 80 });
  const agent = platform.agentIds()[0] ?? '';
  const page = await askJson<Page>(platform.url, `/v1/sessions?agent_id=${agent}&limit=100`);
  expect(page.data.length).toBe(page.total);
  expect(new Set(page.data.map((row) => row.agent_id))).toEqual(new Set([agent]));
  const unknown = `/v1/sessions?agent_id=agent_${'0'.repeat(32)}`;
  expect(await askJson<Page>(platform.url, unknown)).toMatchObject({ data: [], total: 0 });
  await using careless = await everruns({ sessions: 80, quirks: { unknownAgent: 'everything' } });
  expect(await askJson<Page>(careless.url, unknown)).toMatchObject({ total: 80 });
});

test('keeps an archived agent out of the list and answers it by id', async () => {
  await using platform = await everruns();
  const listed = async () => (await askJson<Page>(platform.url, '/v1/agents')).data.map(({ id }) => id);
  const before = await listed();
  expect(before.length).toBeLessThan(platform.agentIds().length);
  const [first = ''] = before;
  expect(platform.deleteAgent(first)).toBe(true);
  expect(await listed()).toEqual(before.slice(1));
  expect(await askJson(platform.url, `/v1/agents/${first}`)).toMatchObject({ id: first, status: 'archived' });
});

test('keeps organizations apart', async () => {
  await using platform = await everruns({ sessions: 100 });
  const second = 'org_00000000000000000000000000000002';
  const asSecond = { headers: { 'x-org-id': second } };
  const page = await askJson<Page>(platform.url, '/v1/sessions', asSecond);
  expect(page.total).toBe(5);
  expect(page.data.every((row) => row.organization_id === second)).toBe(true);
  expect(page.data.map(({ id }) => id)).toEqual(platform.sessionIds(second));
  const foreign = page.data[0]?.id ?? '';
  expect(platform.ownerOf(foreign)).toBe(second);
  expect(told(await ask(platform.url, `/v1/sessions/${foreign}`))).toBe(
    '404 application/json {"error":"Session not found"}',
  );
  expect(told(await ask(platform.url, '/v1/sessions', { headers: { 'x-org-id': 'nope' } }))).toBe(
    '401 application/json {"error":"Invalid organization ID format"}',
  );
  expect((await askJson<Page>(platform.url, '/v1/orgs')).data).toHaveLength(2);
});

test('takes a key as bearer, as ApiKey or bare, and asks for it before it reads the query', async () => {
  await using platform = await everruns({ sessions: 1, credential: 'evr_secret' });
  const { url } = platform;
  const status = async (authorization: string) =>
    (await ask(url, '/v1/sessions', { headers: { authorization } })).status;
  expect(await Promise.all(['Bearer evr_secret', 'ApiKey evr_secret', 'evr_secret'].map(status))).toEqual([
    200, 200, 200,
  ]);
  const refused = await Promise.all([
    ask(url, '/v1/sessions?limit=abc'),
    ask(url, '/v1/sessions', { headers: { authorization: 'Bearer evr_wrong' } }),
    ask(url, '/v1/sessions', { headers: { authorization: 'Bearer ey.j.w' } }),
    ask(url, '/v1/sessions', { headers: { authorization: 'Basic abc' } }),
  ]);
  expect(refused.map(told)).toMatchInlineSnapshot(`
    [
      "401 application/json {"error":"Authentication required"}",
      "401 application/json {"error":"Invalid API key"}",
      "401 application/json {"error":"Invalid or expired token"}",
      "401 application/json {"error":"Invalid authorization header"}",
    ]
  `);
});

test('orders ties anew for each request when told so, and nothing else', async () => {
  await using platform = await everruns({ sessions: 300, quirks: { shuffleTies: true } });
  const page = () => askJson<Page>(platform.url, '/v1/sessions?offset=90&limit=60');
  const [first, second] = [await page(), await page()];
  expect(first.data.map(({ id }) => id)).not.toEqual(second.data.map(({ id }) => id));
  expect(first.data.map((row) => row.created_at)).toEqual(second.data.map((row) => row.created_at));
});

test('sees what is added, changed and deleted while it runs', async () => {
  await using platform = await everruns({ sessions: 30 });
  const { url } = platform;
  const oldest = platform.sessionIds().at(-1) ?? '';
  const id = platform.addSession({ title: 'Just now' });
  const middle = platform.addSession({ title: 'In between', createdAtMicros: Date.UTC(2026, 3, 1) * 1000 + 123_456 });
  const { data, total } = await askJson<Page>(url, '/v1/sessions?limit=100');
  expect([total, data[0]?.id, data[0]?.title]).toEqual([32, id, 'Just now']);
  expect(data.find((row) => row.id === middle)?.created_at).toBe('2026-04-01T00:00:00.123456Z');
  expect(platform.updateSession(oldest, { title: 'Renamed', status: 'paused' })).toBe(true);
  expect(await askJson(url, `/v1/sessions/${oldest}`)).toMatchObject({ title: 'Renamed', status: 'paused' });
  expect(platform.deleteSession(oldest)).toBe(true);
  expect(platform.deleteSession(oldest)).toBe(false);
  expect((await ask(url, `/v1/sessions/${oldest}`)).status).toBe(404);
  expect((await askJson<Page>(url, '/v1/sessions')).total).toBe(31);
});

test('holds 100,000 sessions and finds the last of them', async () => {
  await using platform = await everruns({ sessions: 100_000 });
  const page = await askJson<Page>(platform.url, '/v1/sessions?offset=99950&limit=100');
  expect([page.total, page.data.length]).toEqual([100_000, 50]);
  const last: Partial<Row> = page.data.at(-1) ?? {};
  const { preview: _, output_preview: __, ...rest } = last;
  expect(await askJson(platform.url, `/v1/sessions/${last.id}`)).toEqual(rest);
});
