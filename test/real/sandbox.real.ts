import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secret } from '../contract.ts';
import { type RealServer, startRealServer, type World } from './real-server.ts';
import { chosenReleases, type Release } from './releases.ts';
import { createTwin, type Twin } from './seed.ts';

/** What a question is answered, with everything left out that may differ between two servers with the same rows. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: unknown;
}

interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

for (const release of chosenReleases().filter(({ hasTwin }) => hasTwin)) {
  describe(`the sandbox beside ${release.name}`, () => {
    let server: RealServer;
    let world: World;
    let twin: Twin;

    beforeAll(async () => {
      twin = await createTwin(release, 160);
      server = await startRealServer(release);
      world = await server.open(twin.seed);
    });

    afterAll(async () => {
      await twin.sandbox.close();
      await server.close();
    });

    const answers = async (question: Question) => ({
      real: await ask(world.url, question, release, twin),
      sandbox: await ask(twin.sandbox.url, question, release, twin),
    });

    test('lists the same sessions in the same words', async () => {
      const questions = listQuestions(release, twin);
      expect(questions.length).toBeGreaterThan(2);
      for (const question of questions) {
        const { real, sandbox } = await answers(question);
        expect(real.status, question.path).toBe(200);
        expect(sandbox, question.path).toEqual(real);
      }
    });

    test('describes agents, teams and workflows in the same words', async () => {
      for (const question of componentQuestions(release)) {
        const { real, sandbox } = await answers(question);
        expect(real.status, question.path).toBe(200);
        expect(sandbox, question.path).toEqual(real);
      }
    });

    test('shows every session alone in the same words', async () => {
      for (const question of sessionQuestions(release, twin)) {
        const { real, sandbox } = await answers(question);
        expect(real.status, question.path).toBe(200);
        expect(sandbox, question.path).toEqual(real);
      }
    });

    test.each(oddQuestions(release).map((question) => [title(question), question] as const))(
      'answers the same to %s',
      async (_title, question) => {
        const { real, sandbox } = await answers(question);
        expect(sandbox).toEqual(real);
      },
    );
  });
}

function title({ path, headers }: Question): string {
  return [path, ...(headers === undefined ? [] : [JSON.stringify(headers)])].join(' ');
}

async function ask(url: string, question: Question, release: Release, twin: Twin): Promise<Answer> {
  const own = release.platform === 'agno' ? { authorization: `Bearer ${secret}` } : { 'X-User-ID': 'alice' };
  // A connection for each: these servers close theirs without a word after a failure.
  const response = await request(url + question.path, { headers: question.headers ?? own, reset: true });
  const text = await response.body.text();
  const header = (name: string): string | null => response.headers[name]?.toString() ?? null;
  const type = header('content-type');
  return {
    status: response.statusCode,
    headers: { type, allow: header('allow'), location: header('location')?.replace(url, '') ?? null },
    body:
      type?.startsWith('application/json') === true
        ? comparable(JSON.parse(text.replace(pydantic, '')), release, twin)
        : text,
  };
}

const pydantic = /https:\/\/errors\.pydantic\.dev\/[\d.]+/g;

function comparable(body: unknown, { platform }: Release, { seed }: Twin): unknown {
  if (platform === 'agno') return withoutMessageIds(body);
  const rows = seed.sessions as readonly { readonly id: string; readonly created_at: string }[];
  return inOneOrder(body, new Map(rows.map((row) => [row.id, row.created_at])));
}

/** Each server makes them up for itself, and started when it did. */
function withoutMessageIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMessageIds);
  if (typeof value !== 'object' || value === null) return value;
  const isMessage = 'from_history' in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(isMessage && name === 'id') && name !== 'instantiated_at')
      .map(([name, inner]) => [name, withoutMessageIds(inner)]),
  );
}

/** Agents come in any order, sessions of one instant too; and nothing runs on a server without a model. */
function inOneOrder(value: unknown, createdAt: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('agents' in value && Array.isArray(value.agents)) return { ...value, agents: sortedById(value.agents) };
  if (!('sessions' in value) || !Array.isArray(value.sessions)) return value;
  const idle = value.sessions.map((row) =>
    'session' in row
      ? {
          ...row,
          is_running: false,
          ...('status' in row ? { status: 'idle' } : {}),
          team: row.team === null ? null : comparableTeam(row.team, createdAt),
        }
      : row,
  );
  return { ...value, sessions: sortedById(idle) };
}

interface TeamView {
  readonly team: object;
  readonly members: readonly { readonly session_id: string | null }[];
}

/** Migrating a team is an update of it; and of a member's newest sessions any is named that is as new. */
function comparableTeam(view: TeamView, createdAt: ReadonlyMap<string, string>): object {
  const members = view.members.map((member) => ({
    ...member,
    session_id: createdAt.get(member.session_id ?? '') ?? null,
  }));
  return { ...view, members, team: { ...view.team, updated_at: null } };
}

function sortedById(rows: readonly object[]): readonly object[] {
  const idOf = (row: object): string =>
    'session' in row ? idOf(row.session as object) : 'id' in row ? String(row.id) : '';
  return rows.toSorted((left, right) => (idOf(left) < idOf(right) ? -1 : 1));
}

const kinds = ['agent', 'team', 'workflow'] as const;

function listQuestions({ platform, dialect }: Release, { seed }: Twin): readonly Question[] {
  if (platform === 'agentscope') {
    const agents = (seed.agents ?? []) as readonly { readonly id: string; readonly user_id: string }[];
    return agents.filter((agent) => agent.user_id === 'alice').map(({ id }) => ({ path: `/sessions/?agent_id=${id}` }));
  }
  const orders = ['created_at', 'updated_at', 'session_id', 'user_id', 'nonsense', ''].flatMap((column) =>
    ['asc', 'desc'].map((order) => `&sort_by=${column}&sort_order=${order}`),
  );
  const filters = [
    ...['&user_id=alice', '&user_id=', '&user_id=nobody', '&component_id=customer-care', '&component_id=nope'],
    ...['&session_name=the', '&session_name=open', '&session_name=%25', '&session_name=_', '&session_name=caf%C3%A9'],
    ...['&db_id=db-1', '&db_id=db-1&table=agno_sessions', '&unknown=1', '&limit=1.0', '&type=agent&type=team'],
    ...['&page=2&limit=7', '&page=99', '&limit=1&page=3'],
    // From 3.0 on an error, as it should be.
    ...(dialect === '3.1' ? [] : ['&page=0&limit=7']),
  ];
  const types = dialect === '2.3' ? kinds.map((kind) => `type=${kind}`) : ['', ...kinds.map((kind) => `type=${kind}`)];
  return types.flatMap((type) =>
    ['', ...orders, ...filters].map((rest) => ({ path: `/sessions?${type}&limit=100${rest}` })),
  );
}

function componentQuestions({ platform }: Release): readonly Question[] {
  if (platform === 'agentscope') return [{ path: '/agent/' }];
  return ['/agents', '/teams', '/workflows', '/teams/content-studio', '/workflows/weekly-report'].map((path) => ({
    path,
  }));
}

function sessionQuestions({ platform, dialect }: Release, { seed }: Twin): readonly Question[] {
  if (platform === 'agentscope') return [];
  const rows = seed.sessions as readonly { readonly id: string; readonly kind: string }[];
  return rows.flatMap(({ id, kind }) => {
    const path = `/sessions/${encodeURIComponent(id)}`;
    return [{ path: `${path}?type=${kind}` }, ...(dialect === '2.3' ? [] : [{ path }])];
  });
}

function oddQuestions({ platform }: Release): readonly Question[] {
  return platform === 'agno' ? oddAgnoQuestions : oddAgentScopeQuestions;
}

const oddAgnoQuestions: readonly Question[] = [
  ...['/', '/info', '/health', '/nowhere', '/sessions/', '/agents/'].map((path) => ({ path })),
  ...['/', '/info', '/nowhere', '/sessions', '/sessions/x', '/agents', '/sessions/'].map((path) => ({
    path,
    headers: {},
  })),
  ...['Bearer wrong', secret, `bearer ${secret}`, 'Basic YTpi', 'Bearer agno_pat_x'].map((authorization) => ({
    path: '/sessions',
    headers: { authorization },
  })),
  ...['limit=0', 'limit=-1', 'limit=101', 'limit=abc', 'limit=', 'limit=1.5', 'page=-1', 'page=abc', 'type=bogus'].map(
    (query) => ({ path: `/sessions?${query}` }),
  ),
  ...['type=', 'sort_order=DESC', 'sort_order=', 'db_id=nope', 'table=agno_sessions', 'db_id=db-1&table=nope'].map(
    (query) => ({ path: `/sessions?${query}` }),
  ),
  ...['nope', 'nope?type=agent', 'nope?type=team', 'nope?type=workflow', 'a%2Fb', 'nope?type=x', 'nope?db_id=x'].map(
    (rest) => ({ path: `/sessions/${rest}` }),
  ),
  ...['/agents/nope', '/teams/nope', '/workflows/nope', '/teams/localization-desk', '/agents/fact-checker'].map(
    (path) => ({
      path,
    }),
  ),
];

const oddAgentScopeQuestions: readonly Question[] = [
  ...['/sessions/', '/sessions', '/agent', '/agents/', '/sessions/?agent_id=', '/sessions/?agent_id=nope'].map(
    (path) => ({
      path,
    }),
  ),
  ...['/sessions/x', '/agent/x', '/nowhere', '/sessions/a%2Fb', '/sessions/x/', '/health'].map((path) => ({ path })),
  ...['/sessions/', '/sessions/?agent_id=x', '/agent/', '/sessions', '/agent/x'].map((path) => ({ path, headers: {} })),
  ...['/sessions/', '/sessions/?agent_id=x', '/agent/'].map((path) => ({ path, headers: { 'X-User-ID': '' } })),
  ...['/sessions/?agent_id=x', '/agent/'].map((path) => ({ path, headers: { 'X-User-ID': 'nobody' } })),
  { path: '/sessions/?agent_id=x&agent_id=y' },
];
