import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, askJson, told } from './ask.ts';

interface Session {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly agent_id: string;
  readonly user_id: string;
  readonly team_id?: string | null;
  readonly origin?: { readonly type: string };
  readonly config: { readonly name: string };
  readonly state: { readonly context: readonly unknown[]; readonly summary: unknown; readonly session_id: string };
}
interface Agent {
  readonly id: string;
  readonly source?: string;
  readonly data: { readonly id: string; readonly name: string; readonly chat_config?: unknown };
}
interface View {
  readonly session: Session;
  readonly is_running: boolean;
  readonly status?: string;
  readonly team: {
    readonly team: {
      readonly id: string;
      readonly session_id: string;
      readonly leader_agent_id?: string | null;
      readonly data: { readonly member_ids: readonly string[]; readonly members?: readonly unknown[] };
    };
    readonly leader_agent: Agent | null;
    readonly members: readonly { readonly agent: Agent; readonly session_id: string | null }[];
  } | null;
}
interface Sessions<T> {
  readonly sessions: readonly T[];
  readonly total: number;
}
interface Agents {
  readonly agents: readonly Agent[];
  readonly total: number;
}

const ALICE = { headers: { 'X-User-ID': 'alice' } };
function agentscope(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  return startPlatform({ platform: 'agentscope', ...options });
}

async function allViews(platform: RunningPlatform): Promise<readonly View[]> {
  const { agents } = await askJson<Agents>(platform.url, '/agent/', ALICE);
  const views: View[] = [];
  const seen = new Set<string>();
  const pending = agents.map(({ id }) => id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const list = await askJson<Sessions<View>>(platform.url, `/sessions/?agent_id=${id}`, ALICE);
    views.push(...list.sessions);
    pending.push(...list.sessions.flatMap(({ team }) => team?.members.map(({ agent }) => agent.id) ?? []));
  }
  return views;
}

test.each(['2.0.0', '2.0.1', '2.0.6', '2.0.10'])('refuses as the real %s does', async (dialect) => {
  await using platform = await agentscope({ dialect, sessions: 2, agents: 1 });
  const agent = platform.agentIds()[0];
  const requests = [
    ['/sessions/', {}],
    ['/sessions/', { 'X-User-ID': 'alice' }],
    ['/sessions/?agent_id=nope', {}],
    ['/sessions/?agent_id=nope', { 'X-User-ID': '' }],
    ['/sessions/?agent_id=nope', { 'x-user-id': 'alice' }],
    ['/sessions/?agent_id=', { 'X-User-ID': 'alice' }],
    [`/sessions/?agent_id=${agent}`, { 'X-User-ID': 'bob' }],
    ['/agent/', {}],
    ['/agents/', { 'X-User-ID': 'alice' }],
    ['/teams/', { 'X-User-ID': 'alice' }],
    ['/sessions/a%2Fb', { 'X-User-ID': 'alice' }],
  ] as const;
  const answers = await Promise.all(requests.map(([path, headers]) => ask(platform.url, path, { headers })));
  expect(answers.map(told)).toEqual([
    '422 application/json {"detail":[{"type":"missing","loc":["header","x-user-id"],"msg":"Field required","input":null},{"type":"missing","loc":["query","agent_id"],"msg":"Field required","input":null}]}',
    '422 application/json {"detail":[{"type":"missing","loc":["query","agent_id"],"msg":"Field required","input":null}]}',
    '422 application/json {"detail":[{"type":"missing","loc":["header","x-user-id"],"msg":"Field required","input":null}]}',
    '401 application/json {"detail":"X-User-ID header is required."}',
    '404 application/json {"detail":"Agent \'nope\' not found."}',
    '404 application/json {"detail":"Agent \'\' not found."}',
    `404 application/json {"detail":"Agent '${agent}' not found."}`,
    '422 application/json {"detail":[{"type":"missing","loc":["header","x-user-id"],"msg":"Field required","input":null}]}',
    '404 application/json {"detail":"Not Found"}',
    '404 application/json {"detail":"Not Found"}',
    '404 application/json {"detail":"Not Found"}',
  ]);
  const health = await ask(platform.url, '/health', ALICE);
  const hasHealth = dialect === '2.0.6' || dialect === '2.0.10';
  expect(health.status).toBe(hasHealth ? 200 : 404);
  expect((await ask(platform.url, '/health')).status).toBe(hasHealth ? 422 : 404);
});

test('redirects to the slash and has no single session or agent', async () => {
  await using platform = await agentscope({ sessions: 2, agents: 1 });
  const redirect = await ask(platform.url, '/sessions?agent_id=a%20b', ALICE);
  expect([redirect.status, redirect.headers.location, redirect.body]).toEqual([
    307,
    `${platform.url}/sessions/?agent_id=a%20b`,
    '',
  ]);
  expect((await ask(platform.url, '/agent', ALICE)).headers.location).toBe(`${platform.url}/agent/`);
  const requests = [
    ask(platform.url, `/sessions/${platform.sessionIds()[0]}`, ALICE),
    ask(platform.url, `/agent/${platform.agentIds()[0]}`, ALICE),
    ask(platform.url, '/sessions/', { ...ALICE, method: 'PUT' }),
  ];
  const answers = await Promise.all(requests);
  expect(answers.map((answer) => [answer.headers.allow, told(answer)])).toEqual(
    ['DELETE', 'PATCH', 'GET'].map((allow) => [allow, '405 application/json {"detail":"Method Not Allowed"}']),
  );
});

test('sends bare records on 2.0.0, with every key the capture has', async () => {
  await using platform = await agentscope({ dialect: '2.0.0', sessions: 3, agents: 1 });
  const list = await askJson<Sessions<Session>>(platform.url, `/sessions/?agent_id=${platform.agentIds()[0]}`, ALICE);
  expect(list.total).toBe(3);
  expect(list.sessions.map(({ id }) => id)).toEqual(platform.sessionIds());
  expect(
    list.sessions.map((session) => [Object.keys(session), Object.keys(session.config), Object.keys(session.state)]),
  ).toEqual(
    Array(3).fill([
      ['id', 'updated_at', 'created_at', 'user_id', 'agent_id', 'source', 'source_schedule_id', 'config', 'state'],
      ['workspace_id', 'name', 'chat_model_config'],
      [
        'session_id',
        'summary',
        'context',
        'reply_id',
        'cur_iter',
        'permission_context',
        'tool_context',
        'tasks_context',
      ],
    ]),
  );
  const { agents } = await askJson<Agents>(platform.url, '/agent/', ALICE);
  expect(agents.map((agent) => [Object.keys(agent), Object.keys(agent.data)])).toEqual([
    [
      ['id', 'updated_at', 'created_at', 'user_id', 'data'],
      ['id', 'name', 'system_prompt', 'context_config', 'react_config'],
    ],
  ]);
  expect(agents[0]?.data.id).not.toBe(agents[0]?.id);
});

test.each(['2.0.1', '2.0.6'])('sends views on %s, with every key the capture has', async (dialect) => {
  await using platform = await agentscope({ dialect, sessions: 1, agents: 1 });
  const body = await ask(platform.url, `/sessions/?agent_id=${platform.agentIds()[0]}`, ALICE);
  const view = (JSON.parse(body.body) as Sessions<View>).sessions[0];
  const isLater = dialect === '2.0.6';
  expect(Object.keys(view ?? {})).toEqual(['session', 'is_running', ...(isLater ? ['status'] : []), 'team']);
  expect(Object.keys(view?.session ?? {})).toEqual([
    ...['id', 'updated_at', 'created_at', 'user_id', 'agent_id', 'source', 'source_schedule_id'],
    ...(isLater ? ['source_chat_id', 'source_channel_id'] : []),
    ...['team_id', 'config', 'state'],
  ]);
  expect(Object.keys(view?.session.config ?? {})).toEqual([
    ...['workspace_id', 'name', ...(isLater ? ['cwd'] : []), 'chat_model_config', 'fallback_chat_model_config'],
    ...(isLater ? ['tts_model_config', 'knowledge_config'] : []),
  ]);
  expect(body.body).toContain('"max_cache_bytes":25000.0');
});

test('sends views on 2.0.10, with every key the capture has', async () => {
  await using platform = await agentscope({ dialect: '2.0.10' });
  const views = await allViews(platform);
  const view = views.find(({ team }) => team !== null);
  expect(Object.keys(view ?? {})).toEqual(['session', 'is_running', 'status', 'team']);
  expect(Object.keys(view?.session ?? {})).toEqual([
    ...['id', 'updated_at', 'created_at', 'user_id', 'agent_id', 'origin', 'team_id', 'config', 'state'],
  ]);
  expect(Object.keys(view?.session.config ?? {})).toEqual([
    ...['workspace_id', 'name', 'naming', 'cwd', 'chat_model_config', 'fallback_chat_model_config'],
    ...['tts_model_config', 'realtime_model_config', 'knowledge_config'],
  ]);
  expect(Object.keys(view?.team?.team ?? {})).toEqual([
    ...['id', 'updated_at', 'created_at', 'user_id', 'session_id', 'leader_agent_id', 'data'],
  ]);
  expect(view?.team?.team.leader_agent_id).toBe(view?.team?.leader_agent?.id);
  const { agents } = await askJson<Agents>(platform.url, '/agent/', ALICE);
  expect(Object.keys(agents[0]?.data ?? {})).toEqual(['id', 'name', 'system_prompt', 'chat_config']);
  expect(agents[0]?.data.chat_config).toMatchObject({
    context_config: {
      trigger_ratio: 0.8,
      context_buffer_ratio: 0.2,
      tool_result_limit: 50_000,
      compression_fallback_to_truncation: true,
      compression_tool_enabled: false,
      max_image_num: 5,
    },
    react_config: { max_iters: 50 },
    invite_config: { invitable: false, invite_description: null },
  });
});

test('says on 2.0.10 in one object where a session came from', async () => {
  await using platform = await agentscope({ dialect: '2.0.10', sessions: 400 });
  const views = await allViews(platform);
  const shapes = new Set(
    views.map(
      ({ session: { origin } }) =>
        `${origin?.type}: ${Object.keys(origin ?? {})
          .slice(1)
          .join(', ')}`,
    ),
  );
  expect([...shapes].toSorted()).toEqual([
    'channel: channel_id, chat_id, chat_name, channel_user_id',
    'schedule: schedule_id',
    'sop: sop_run_id, session_key',
    'team: ',
    'user: ',
  ]);
  const workers = views.filter(({ session, team }) => team !== null && team.team.session_id !== session.id);
  expect(workers.length).toBeGreaterThan(3);
  expect(new Set(workers.map(({ session }) => session.origin?.type))).toEqual(new Set(['team']));
});

test('orders agents anew for each request, and leaves workers out', async () => {
  await using platform = await agentscope({ dialect: '2.0.1', agents: 12 });
  const orders = new Set<string>();
  for (let time = 0; time < 8; time += 1) {
    const { agents, total } = await askJson<Agents>(platform.url, '/agent/', ALICE);
    expect(agents.length).toBe(total);
    expect(agents.every(({ source }) => source === 'user')).toBe(true);
    orders.add(agents.map(({ id }) => id).join());
  }
  expect(orders.size).toBeGreaterThan(1);
  expect(platform.agentIds().length).toBeGreaterThan((await askJson<Agents>(platform.url, '/agent/', ALICE)).total);
});

test.each(['2.0.1', '2.0.6', '2.0.10'])('embeds teams on %s', async (dialect) => {
  await using platform = await agentscope({ dialect });
  const views = await allViews(platform);
  expect(views.map(({ session }) => session.id).sort()).toEqual([...platform.sessionIds()].sort());
  const teams = views.filter(({ team, session }) => team !== null && team.team.session_id === session.id);
  expect(teams.length).toBeGreaterThanOrEqual(2);
  for (const { session, team } of teams) {
    expect(team?.leader_agent?.id).toBe(session.agent_id);
    for (const member of team?.members ?? []) {
      if (member.session_id === null) continue;
      expect(views.find((view) => view.session.id === member.session_id)?.team?.team.id).toBe(team?.team.id);
    }
  }
  const members = teams.flatMap(({ team }) => team?.members ?? []);
  const listed = teams.flatMap(({ team }) => team?.team.data.member_ids ?? []);
  // 2.0.6 migrates a team it reads: what has no session, and what is a ghost, is gone.
  expect(members.some(({ session_id }) => session_id === null)).toBe(dialect === '2.0.1');
  expect(listed.includes('ghost')).toBe(dialect === '2.0.1');
  expect(teams[0]?.team?.team.data.members === undefined).toBe(dialect === '2.0.1');
  expect(views.some(({ session, team }) => typeof session.team_id === 'string' && team === null)).toBe(true);
});

test.each(['2.0.6', '2.0.10'])('trims the state and adds a status on %s', async (dialect) => {
  await using laterPlatform = await agentscope({ dialect });
  const later = await allViews(laterPlatform);
  expect(later.every(({ session }) => session.state.context.length === 0 && session.state.summary === '')).toBe(true);
  expect(later.some((view) => view.status === 'awaiting_permission' && !view.is_running)).toBe(true);
  await using earlierPlatform = await agentscope({ dialect: '2.0.1' });
  const earlier = await allViews(earlierPlatform);
  expect(earlier.some(({ session }) => session.state.context.length > 0)).toBe(true);
  expect(earlier.some(({ session }) => Array.isArray(session.state.summary))).toBe(true);
  expect(earlier.every((view) => view.status === undefined)).toBe(true);
});

test('writes naive local times, without a fraction when it is zero', async () => {
  await using platform = await agentscope({ sessions: 0, agents: 1, timezoneOffsetMinutes: 120 });
  platform.addSession({ createdAtMicros: Date.UTC(2026, 0, 2, 23, 4, 5) * 1000, title: 'Whole second' });
  platform.addSession({ createdAtMicros: Date.UTC(2026, 0, 2, 23, 4, 5) * 1000 + 6_007, title: 'Micros' });
  const views = await allViews(platform);
  expect(views.map(({ session }) => [session.config.name, session.created_at])).toEqual([
    ['Micros', '2026-01-03T01:04:05.006007'],
    ['Whole second', '2026-01-03T01:04:05'],
  ]);
});

test('ships whole conversations of the size asked for', async () => {
  await using platform = await agentscope({ dialect: '2.0.1', sessions: 5, agents: 1, stateBytes: 50_000 });
  const answer = await ask(platform.url, `/sessions/?agent_id=${platform.agentIds()[0]}`, ALICE);
  expect(answer.body.length).toBeGreaterThan(5 * 45_000);
  expect(answer.body.length).toBeLessThan(5 * 65_000);
  expect((JSON.parse(answer.body) as Sessions<View>).total).toBe(5);
});

test('ignores paging and keeps users apart', async () => {
  await using platform = await agentscope({ dialect: '2.0.1' });
  const agent = platform.agentIds('bob')[0];
  const asBob = { headers: { 'X-User-ID': 'bob' } };
  const list = await askJson<Sessions<View>>(
    platform.url,
    `/sessions/?agent_id=${agent}&limit=1&offset=5&page=2`,
    asBob,
  );
  expect(list.sessions.length).toBe(list.total);
  expect(list.total).toBeGreaterThan(1);
  expect(list.sessions.every(({ session }) => session.user_id === 'bob')).toBe(true);
  expect(list.sessions.map(({ session }) => platform.ownerOf(session.id))).toEqual(list.sessions.map(() => 'bob'));
  const mine = await askJson<Agents>(platform.url, '/agent/', { headers: { 'X-User-ID': 'nobody' } });
  expect(mine).toEqual({ agents: [], total: 0 });
});

test('breaks for good once 2.0.1 has stored a null name', async () => {
  for (const dialect of ['2.0.0', '2.0.1', '2.0.6', '2.0.10']) {
    await using platform = await agentscope({ dialect, sessions: 1, agents: 1 });
    platform.updateSession(platform.sessionIds()[0] ?? '', { title: null });
    const answer = await ask(platform.url, `/sessions/?agent_id=${platform.agentIds()[0]}`, ALICE);
    expect(answer.status).toBe(dialect === '2.0.1' ? 500 : 200);
    if (dialect === '2.0.1') expect(told(answer)).toBe('500 text/plain; charset=utf-8 Internal Server Error');
  }
});

test('shuffles ties anew for each request', async () => {
  await using platform = await agentscope({ sessions: 0, agents: 1, quirks: { shuffleTies: true } });
  for (let index = 0; index < 12; index += 1) platform.addSession({ createdAt: Date.UTC(2026, 0, 1) });
  const order = async () => (await allViews(platform)).map(({ session }) => session.id);
  const [first, second] = [await order(), await order()];
  expect(first).not.toEqual(second);
  expect([...first].sort()).toEqual([...second].sort());
});

test('sees what is added, changed and deleted while it runs', async () => {
  await using platform = await agentscope({ sessions: 3, agents: 1 });
  const agent = platform.addAgent({ name: 'Night Desk' });
  const id = platform.addSession({ agent, title: 'Just now', status: 'running' });
  const views = async () => (await allViews(platform)).filter(({ session }) => session.agent_id === agent);
  expect(await views()).toMatchObject([
    { session: { id, config: { name: 'Just now' } }, is_running: true, status: 'running' },
  ]);
  platform.updateSession(id, { title: 'Renamed', updatedAt: Date.UTC(2026, 11, 1) });
  expect(await views()).toMatchObject([
    { session: { config: { name: 'Renamed' }, updated_at: '2026-12-01T00:00:00' } },
  ]);
  expect(platform.deleteSession(id)).toBe(true);
  expect(await views()).toEqual([]);
  platform.addSession({ agent });
  expect(platform.deleteAgent(agent)).toBe(true);
  expect(platform.sessionIds()).toHaveLength(3);
});

test('asks for a token where the deployment put one in front', async () => {
  await using platform = await agentscope({ sessions: 0, agents: 1, credential: 'token' });
  expect((await ask(platform.url, '/agent/', ALICE)).status).toBe(401);
  const headers = { ...ALICE.headers, authorization: 'Bearer token' };
  expect((await ask(platform.url, '/agent/', { headers })).status).toBe(200);
});
