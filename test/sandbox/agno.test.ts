import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, askJson, told } from './ask.ts';

type Row = Readonly<Record<string, unknown>> & { readonly session_id: string; readonly session_name: string };
interface Page {
  readonly data: readonly Row[];
  readonly meta: {
    readonly page: number;
    readonly limit: number;
    readonly total_pages: number;
    readonly total_count: number;
  };
}
interface Component {
  readonly id?: string;
  readonly members?: readonly Component[];
}

function agno(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  return startPlatform({ platform: 'agno', ...options });
}

/** The six sessions of the captures. */
async function probed(dialect: string): Promise<RunningPlatform> {
  const platform = await agno({ dialect, sessions: 0, agents: 1 });
  const at = (second: number): number => Date.UTC(2025, 8, 5, 16, 2, second);
  const agent = platform.addAgent({ id: 'agent-1', name: 'Agent One' });
  platform.addSession({ id: 's-a1', agent, user: 'u1', createdAt: at(9), title: 'What tools' });
  platform.addSession({ id: 's-a2', agent: 'agent-2', user: 'u2', createdAt: at(19), title: 'Named 100%' });
  platform.addSession({ id: 's-a3', agent, user: 'u3', createdAt: at(19), title: null });
  platform.addSession({ id: 's-t1', kind: 'team', agent: 'team-1', user: 'u1', createdAt: at(29), title: 'Team chat' });
  platform.addSession({
    id: 's-w1',
    kind: 'workflow',
    agent: 'wf-1',
    user: 'u1',
    createdAt: at(39),
    title: 'Café flow',
  });
  platform.addSession({ id: 's-w2', kind: 'workflow', agent: 'wf-1', user: 'u1', createdAt: at(40), title: null });
  return platform;
}

async function ids(platform: RunningPlatform, query: string): Promise<string> {
  const page = await askJson<Page>(platform.url, `/sessions?${query}`);
  return page.data.map(({ session_id }) => session_id.slice(2)).join(' ');
}

test('orders as SQLite does, tie by tie', async () => {
  await using later = await probed('2.9');
  expect(await ids(later, '')).toBe('w2 w1 t1 a3 a2 a1');
  expect(await ids(later, 'type=agent')).toBe('a2 a3 a1');
  expect(await ids(later, 'sort_order=asc')).toBe('a1 a2 a3 t1 w1 w2');
  expect(await ids(later, 'sort_by=nonsense')).toBe('a1 a2 a3 t1 w1 w2');
  expect(await ids(later, 'sort_by=nonsense&sort_order=desc')).toBe('a1 a2 a3 t1 w1 w2');
  expect(await ids(later, 'sort_by=')).toBe('a1 a2 a3 t1 w1 w2');
  expect(await ids(later, 'sort_by=user_id')).toBe('a3 a2 a1 t1 w1 w2');
  expect(await ids(later, 'sort_by=session_id')).toBe('w2 w1 t1 a3 a2 a1');
  await using earlier = await probed('2.3');
  expect(await ids(earlier, '')).toBe('a2 a3 a1');
  expect(await ids(earlier, 'type=workflow')).toBe('w2 w1');
});

test('filters by component, user and stored name, with the warts of LIKE', async () => {
  await using platform = await probed('2.9');
  expect(await ids(platform, 'component_id=agent-1')).toBe('a3 a1');
  expect(await ids(platform, 'component_id=team-1')).toBe('t1');
  expect(await ids(platform, 'type=agent&component_id=team-1')).toBe('');
  expect(await ids(platform, 'user_id=u1')).toBe('w2 w1 t1 a1');
  expect(await ids(platform, 'user_id=')).toBe('');
  expect(await ids(platform, 'type=agent&type=team&unknown=1')).toBe('t1');
  expect(await ids(platform, 'session_name=named')).toBe('a2');
  expect(await ids(platform, 'session_name=100%25')).toBe('a2');
  expect(await ids(platform, 'session_name=_')).toBe('w2 w1 t1 a3 a2 a1');
  expect(await ids(platform, 'session_name=caf')).toBe('w1');
  expect(await ids(platform, `session_name=${encodeURIComponent('café')}`)).toBe('');
});

test('counts pages from one and writes its float', async () => {
  await using platform = await agno({ sessions: 45 });
  const page = await ask(platform.url, '/sessions?limit=20&page=3');
  expect(page.body.slice(page.body.indexOf('"meta"'))).toBe(
    '"meta":{"page":3,"limit":20,"total_pages":3,"total_count":45,"search_time_ms":0.0}}',
  );
  expect((JSON.parse(page.body) as Page).data).toHaveLength(5);
  expect(page.headers.vary).toBe('Origin');
  const [zero, one, past] = await Promise.all(
    [0, 1, 9].map((number) => askJson<Page>(platform.url, `/sessions?limit=20&page=${number}`)),
  );
  expect([zero?.data, zero?.meta.page]).toEqual([one?.data, 0]);
  expect([past?.data, past?.meta.total_count]).toEqual([[], 45]);
  expect((await askJson<Page>(platform.url, '/sessions?limit=1.0')).data).toHaveLength(1);
  await using empty = await agno({ sessions: 0, agents: 0 });
  expect((await askJson<Page>(empty.url, '/sessions')).meta).toMatchObject({ total_pages: 0, total_count: 0 });
});

test.each(['2.3', '2.9'])('refuses queries as the real %s does', async (dialect) => {
  await using platform = await agno({ dialect, sessions: 3 });
  const queries = [
    ...['limit=0', 'limit=101', 'page=-1', 'limit=abc', 'limit=', 'sort_order=ASC', 'type=AGENT', 'type=&page='],
    ...['db_id=nope', 'table=foo', 'db_id=db-1&table=nope', `page=${2n ** 63n}`],
  ];
  const answers = await Promise.all(queries.map((query) => ask(platform.url, `/sessions?${query}`)));
  const said = answers.map((answer) => `${answer.status} ${answer.status === 200 ? '' : answer.body}`);
  const tooSmall = (field: string, bound: string, words: string, value: number): string =>
    `500 {"detail":"1 validation error for PaginationInfo\\n${field}\\n  Input should be ${words} [type=${bound}, input_value=${value}, input_type=int]\\n    For further information visit https://errors.pydantic.dev/2.13/v/${bound}"}`;
  expect(said.slice(0, 3)).toEqual(
    dialect === '2.3'
      ? [
          tooSmall('limit', 'greater_than_equal', 'greater than or equal to 1', 0),
          tooSmall('limit', 'less_than_equal', 'less than or equal to 100', 101),
          tooSmall('page', 'greater_than_equal', 'greater than or equal to 0', -1),
        ]
      : [
          '422 {"detail":[{"type":"greater_than_equal","loc":["query","limit"],"msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}}]}',
          '200 ',
          '422 {"detail":[{"type":"greater_than_equal","loc":["query","page"],"msg":"Input should be greater than or equal to 0","input":"-1","ctx":{"ge":0}}]}',
        ],
  );
  expect(said.slice(3)).toMatchInlineSnapshot(`
    [
      "422 {"detail":[{"type":"int_parsing","loc":["query","limit"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"abc"}]}",
      "422 {"detail":[{"type":"int_parsing","loc":["query","limit"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":""}]}",
      "422 {"detail":[{"type":"enum","loc":["query","sort_order"],"msg":"Input should be 'asc' or 'desc'","input":"ASC","ctx":{"expected":"'asc' or 'desc'"}}]}",
      "422 {"detail":[{"type":"enum","loc":["query","type"],"msg":"Input should be 'agent', 'team' or 'workflow'","input":"AGENT","ctx":{"expected":"'agent', 'team' or 'workflow'"}}]}",
      "422 {"detail":[{"type":"enum","loc":["query","type"],"msg":"Input should be 'agent', 'team' or 'workflow'","input":"","ctx":{"expected":"'agent', 'team' or 'workflow'"}},{"type":"int_parsing","loc":["query","page"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":""}]}",
      "404 {"detail":"404: No database found with id 'nope'"}",
      "404 {"detail":"400: The db_id query parameter is required when passing a table"}",
      "404 {"detail":"404: No database with id 'db-1' has table 'nope'"}",
      "500 {"detail":"Python int too large to convert to SQLite INTEGER"}",
    ]
  `);
});

test.each(['2.3', '2.9'])('sends rows in the shape of %s', async (dialect) => {
  await using platform = await probed(dialect);
  const { data } = await askJson<Page>(platform.url, '/sessions?type=workflow');
  const row: Partial<Row> = data.find(({ session_id }) => session_id === 's-w1') ?? {};
  const { session_state: _, metadata: __, session_summary: ___, metrics, total_tokens: tokens, ...fields } = row;
  const times = { created_at: '2025-09-05T16:02:39Z', updated_at: '2025-09-05T16:02:39Z' };
  const base = { session_id: 's-w1', session_name: 'Café flow', ...times };
  expect(fields).toEqual(
    dialect === '2.3' ? base : { ...base, session_type: 'workflow', user_id: 'u1', workflow_id: 'wf-1' },
  );
  // Of workflows too: alone they tell it inside of `session_data` only.
  const counted = { input_tokens: expect.any(Number), output_tokens: expect.any(Number), total_tokens: tokens };
  expect(metrics).toEqual(dialect === '2.3' ? undefined : counted);
  await using everything = await agno({ dialect, sessions: 200 });
  const rows = (await askJson<Page>(everything.url, '/sessions?limit=100')).data;
  expect(rows.every((entry) => Object.values(entry).every((value) => value !== null))).toBe(true);
});

test('has rows without times, names, users and components, and of components that are gone', async () => {
  await using platform = await agno();
  const page = await askJson<Page>(platform.url, '/sessions?limit=1000');
  const { data } = page;
  expect(data.map(({ session_id }) => session_id)).toEqual(platform.sessionIds());
  const undated = data.filter((row) => !('created_at' in row));
  expect(undated.length).toBeGreaterThan(0);
  expect(data.slice(-undated.length)).toEqual(undated);
  expect(data.some(({ session_name }) => session_name === '')).toBe(true);
  expect(data.some(({ session_name }) => session_name.length === 300)).toBe(true);
  expect(data.some((row) => !('user_id' in row))).toBe(true);
  expect(data.some((row) => !('agent_id' in row || 'team_id' in row || 'workflow_id' in row))).toBe(true);
  expect(new Set(data.map((row) => row.session_type))).toEqual(new Set(['agent', 'team', 'workflow']));
  expect(data.some((row) => row.agent_id === 'legacy-faq-bot')).toBe(true);
  expect(told(await ask(platform.url, '/agents/legacy-faq-bot'))).toBe(
    '404 application/json {"detail":"Agent not found"}',
  );
});

test.each(['2.3', '2.9'])('reads a session as the type it is asked for on %s, right or wrong', async (dialect) => {
  await using platform = await probed(dialect);
  const keys = async (path: string) => Object.keys(await askJson(platform.url, path));
  expect(await keys('/sessions/s-a1?type=agent')).toContain('agent_session_id');
  const wrong = await askJson<Row>(platform.url, '/sessions/s-t1?type=agent');
  expect(wrong).toMatchObject({ agent_session_id: 's-t1', session_name: 'Team chat', user_id: 'u1' });
  expect([Object.hasOwn(wrong, 'agent_id'), Object.hasOwn(wrong, 'team_id')]).toEqual([false, false]);
  expect(await askJson(platform.url, '/sessions/s-t1?type=team')).toMatchObject({
    team_id: 'team-1',
    chat_history: expect.any(Array),
  });
  expect((await keys('/sessions/s-t1')).includes('agent_session_id')).toBe(dialect === '2.3');
  const workflow = await askJson<Row>(platform.url, '/sessions/s-w1?type=workflow');
  expect(workflow).toMatchObject({
    workflow_id: 'wf-1',
    session_data: { session_name: 'Café flow' },
    workflow_data: {},
    created_at: dialect === '2.3' ? 1757088159 : '2025-09-05T16:02:39Z',
  });
  expect(Object.hasOwn(workflow, 'chat_history')).toBe(false);
});

test.each(['2.3', '2.9'])('words a missing session as %s does', async (dialect) => {
  await using platform = await probed(dialect);
  const paths = [
    'nope',
    'nope?type=team',
    's-a1?user_id=u2',
    's-a1?db_id=nope',
    's-a1?table=x',
    's-a1?type=bogus',
    'a%2Fb',
  ];
  const answers = await Promise.all(paths.map((path) => ask(platform.url, `/sessions/${path}`)));
  const untyped = dialect === '2.3' ? 'Agent Session' : 'Session';
  expect(answers.map(told)).toEqual([
    `404 application/json {"detail":"${untyped} with id 'nope' not found"}`,
    `404 application/json {"detail":"Team Session with id 'nope' not found"}`,
    `404 application/json {"detail":"${untyped} with id 's-a1' not found"}`,
    `404 application/json {"detail":"No database found with id 'nope'"}`,
    `400 application/json {"detail":"The db_id query parameter is required when passing a table"}`,
    `422 application/json {"detail":[{"type":"enum","loc":["query","type"],"msg":"Input should be 'agent', 'team' or 'workflow'","input":"bogus","ctx":{"expected":"'agent', 'team' or 'workflow'"}}]}`,
    `404 application/json {"detail":"Not Found"}`,
  ]);
});

test.each(['2.3', '2.9'])('describes agents, teams and workflows in the shape of %s', async (dialect) => {
  await using platform = await agno({ dialect });
  const isLater = dialect === '2.9';
  const agents = await askJson<readonly Component[]>(platform.url, '/agents?limit=1&ids=x');
  expect(agents.map(({ id }) => id)).toEqual(platform.agentIds());
  const head = ['id', 'name', 'db_id', 'description', 'role'];
  expect(Object.keys(agents[0] ?? {})).toEqual([
    ...[...head, ...(isLater ? ['is_factory'] : []), 'model', 'sessions', 'system_message'],
    ...(isLater ? ['is_component'] : []),
  ]);
  expect(await askJson(platform.url, `/agents/${agents[0]?.id}`)).toEqual(agents[0]);
  const teams = await askJson<readonly Component[]>(platform.url, '/teams');
  expect(teams.map(({ id, members }) => [id, members?.length])).toEqual([
    ['customer-care', 2],
    ['content-studio', 3],
    ['duty-desk', undefined],
  ]);
  const nested = teams[1]?.members?.[2];
  expect(nested?.members).toHaveLength(2);
  expect((await ask(platform.url, `/teams/${nested?.id}`)).status).toBe(404);
  expect((await ask(platform.url, '/agents/fact-checker')).status).toBe(404);
  const workflows = await askJson<readonly Component[]>(platform.url, '/workflows');
  expect(workflows.map((workflow) => 'steps' in workflow)).toEqual([false, false]);
  const workflow = await askJson<{ steps: readonly { agent: Component }[] }>(platform.url, '/workflows/weekly-report');
  expect(workflow.steps.map(({ agent }) => typeof agent.id)).toEqual(['string', 'undefined']);
});

test('introduces itself on 2.9 and does not on 2.3', async () => {
  await using later = await agno({ credential: 'key' });
  expect(told(await ask(later.url, '/info'))).toBe(
    '200 application/json {"os_id":"contoso-os","name":null,"agno_version":"2.9.0","agent_count":6,"team_count":3,"workflow_count":2,"mcp":{"enabled":false,"path":null,"oauth":null},"auth_mode":"security_key"}',
  );
  await using checkout = await agno({ quirks: { agnoVersion: '0.0.0' } });
  expect(await askJson(checkout.url, '/info')).toMatchObject({ agno_version: '0.0.0', auth_mode: 'none' });
  await using earlier = await agno({ dialect: '2.3' });
  expect(told(await ask(earlier.url, '/info'))).toBe('404 application/json {"detail":"Not Found"}');
  const config = await askJson<Record<string, unknown>>(earlier.url, '/config');
  expect(config.session).toEqual({
    dbs: [{ db_id: 'db-1', domain_config: { display_name: 'db-1' }, tables: ['agno_sessions'] }],
  });
});

test('asks for its key, also on unknown paths from 2.7', async () => {
  await using later = await agno({ sessions: 1, credential: 'sekret' });
  const refused = await Promise.all([
    ask(later.url, '/sessions'),
    ask(later.url, '/nope'),
    ask(later.url, '/agents', { headers: { authorization: 'Bearer wrong' } }),
    ask(later.url, '/agents', { headers: { authorization: 'Bearer agno_pat_foo' } }),
  ]);
  expect(refused.map((answer) => [told(answer), answer.headers.vary])).toEqual([
    ['401 application/json {"detail":"Authorization header required"}', undefined],
    ['401 application/json {"detail":"Authorization header required"}', undefined],
    ['401 application/json {"detail":"Invalid authentication token"}', undefined],
    ['401 application/json {"detail":"Invalid or expired service account token"}', undefined],
  ]);
  const status = async (platform: RunningPlatform, authorization: string) =>
    (await ask(platform.url, '/sessions', { headers: { authorization } })).status;
  for (const [authorization, onEarlier] of [
    ['Bearer sekret', 200],
    ['bearer sekret', 200],
    ['sekret', 401],
  ] as const) {
    expect(await status(later, authorization)).toBe(200);
    await using earlier = await agno({ sessions: 1, credential: 'sekret', dialect: '2.3' });
    expect(await status(earlier, authorization)).toBe(onEarlier);
    expect((await ask(earlier.url, '/nope')).status).toBe(404);
  }
});

test('redirects a trailing slash on 2.3 and takes it on 2.9', async () => {
  await using earlier = await agno({ dialect: '2.3', sessions: 1 });
  const redirect = await ask(earlier.url, '/sessions/?type=team');
  expect([redirect.status, redirect.headers.location]).toEqual([307, `${earlier.url}/sessions?type=team`]);
  await using later = await agno({ sessions: 1 });
  expect((await ask(later.url, '/sessions/')).status).toBe(200);
  const put = await ask(later.url, '/sessions', { method: 'PUT' });
  expect([told(put), put.headers.allow]).toEqual(['405 application/json {"detail":"Method Not Allowed"}', 'GET']);
});

test('shuffles ties anew for each request', async () => {
  await using platform = await agno({ sessions: 0, agents: 1, quirks: { shuffleTies: true } });
  for (let index = 0; index < 12; index += 1)
    platform.addSession({ id: `s-${index}`, createdAt: Date.UTC(2026, 0, 1) });
  const [first, second] = [await ids(platform, ''), await ids(platform, '')];
  expect(first).not.toBe(second);
  expect(first.split(' ').sort()).toEqual(second.split(' ').sort());
});

test('sees what is added, changed and deleted while it runs', async () => {
  await using platform = await agno({ sessions: 3, agents: 1 });
  const id = platform.addSession({ title: 'Just now', kind: 'team', agent: 'night-desk', user: 'dora' });
  expect((await askJson<Page>(platform.url, '/sessions')).data[0]).toMatchObject({
    session_id: id,
    session_name: 'Just now',
    team_id: 'night-desk',
  });
  expect([platform.ownerOf(id), platform.agentOf(id)]).toEqual(['dora', 'night-desk']);
  expect(platform.updateSession(id, { title: null, updatedAt: Date.UTC(2026, 11, 1) })).toBe(true);
  expect(await askJson(platform.url, `/sessions/${id}`)).toMatchObject({
    session_name: '',
    updated_at: '2026-12-01T00:00:00Z',
  });
  const undated = platform.addSession({ createdAt: null });
  expect((await askJson<Page>(platform.url, '/sessions')).data.at(-1)?.session_id).toBe(undated);
  expect(platform.deleteSession(id)).toBe(true);
  expect((await ask(platform.url, `/sessions/${id}`)).status).toBe(404);
  const agent = platform.addAgent({ name: 'Night Desk' });
  expect(await askJson(platform.url, `/agents/${agent}`)).toMatchObject({ id: 'night-desk', name: 'Night Desk' });
  expect(platform.deleteAgent(agent)).toBe(true);
  expect((await ask(platform.url, `/agents/${agent}`)).status).toBe(404);
});
