import { expect, test } from 'vitest';
import type { OperationContext } from '../../src/context.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import { sessionConnection } from '../../src/resolvers/query/sessions.ts';
import { createHarness, type HarnessSource } from '../harness.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';

function start(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  return startPlatform({ platform: 'agno', sessions: 40, agents: 6, ...options });
}

interface Opened extends AsyncDisposable {
  readonly context: OperationContext;
}

function openOver(platform: RunningPlatform, source: Partial<HarnessSource> = {}): Opened {
  const harness = createHarness([
    { id: 'agno', provider: 'agno', url: platform.url, limits: { retries: 0 }, ...source },
  ]);
  return { context: harness.operation(), [Symbol.asyncDispose]: harness.close };
}

async function told(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof UpstreamError ? `${error.code}: ${error.message}` : String(error);
}

test.each(['2.3', '2.9', '3.1'])(
  'several databases and no dbId: the error says what to set, on %s',
  async (dialect) => {
    await using platform = await start({ dialect, quirks: { databases: ['db-1', 'db-2'] } });
    await using opened = openOver(platform);
    const { context } = opened;
    const expected = 'UPSTREAM_REJECTED: Source "agno" has several databases: set `dbId` in its configuration.';
    expect(await told(sessionConnection({ first: 5 }, {}, context))).toBe(expected);
    expect(await told(context.loaders.session.load({ sourceId: 'agno', key: 'agent/x' }))).toBe(expected);
  },
);

test.each(['2.3', '2.9', '3.1'])(
  'a database or a table that is not there is no lack of sessions, on %s',
  async (dialect) => {
    await using platform = await start({ dialect });
    await using noDatabase = openOver(platform, { settings: { dbId: 'nope' } });
    const expected = 'UPSTREAM_REJECTED: Source "agno" has no database with the configured `dbId`.';
    expect(await told(sessionConnection({ first: 5 }, {}, noDatabase.context))).toBe(expected);
    expect(await told(noDatabase.context.loaders.session.load({ sourceId: 'agno', key: 'agent/x' }))).toBe(expected);
    await using noTable = openOver(platform, { settings: { dbId: 'db-1', table: 'nope' } });
    expect(await told(sessionConnection({ first: 5 }, {}, noTable.context))).toBe(
      'UPSTREAM_REJECTED: Source "agno" has no table with the name configured as `table`.',
    );
  },
);

test.each([
  [404, { detail: '503: try later' }, 'UPSTREAM_UNAVAILABLE: Source "agno" cannot be reached or failed.'],
  [
    404,
    { detail: 'no', error_code: 'UNAUTHENTICATED' },
    'UPSTREAM_UNAUTHENTICATED: Source "agno" asks for a credential, and none is configured.',
  ],
  [400, { detail: 'Bad', error_code: 'BAD_REQUEST' }, 'UPSTREAM_REJECTED: Source "agno" rejected the request.'],
  [
    404,
    { detail: 'coroutine raised StopIteration' },
    'UPSTREAM_REJECTED: Source "agno" has no database, so it keeps no sessions.',
  ],
  [
    401,
    { detail: 'Token has expired' },
    'UPSTREAM_UNAUTHENTICATED: Source "agno" says that the credential has expired or is unknown.',
  ],
  [
    403,
    { detail: 'Insufficient permissions. Required scope(s): sessions:read' },
    'UPSTREAM_FORBIDDEN: Source "agno" accepts the credential, but this request needs a scope that the credential lacks.',
  ],
  [
    422,
    { detail: [{ type: 'enum', msg: 'secret-of-alice' }] },
    'UPSTREAM_REJECTED: Source "agno" rejected the request.',
  ],
  [500, { detail: 'password=hunter2' }, 'UPSTREAM_UNAVAILABLE: Source "agno" cannot be reached or failed.'],
])('a %i with %j means what it says, in our words', async (status, body, expected) => {
  await using platform = await start();
  platform.fail({
    kind: 'status',
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    match: ({ url }) => url.startsWith('/agents'),
  });
  await using opened = openOver(platform);
  expect(await told(opened.context.sources.get('agno')?.listAgents() ?? Promise.resolve())).toBe(expected);
});

test('a source of one database lists what is of it, and finds what its sessions name elsewhere', async () => {
  await using platform = await start({ dialect: '3.1', quirks: { databases: ['db-1', 'db-2'] } });
  const idsOf = async (dbId: string) => {
    await using opened = openOver(platform, { settings: { dbId } });
    const source = opened.context.sources.get('agno');
    if (source === undefined) throw new Error('There is no source.');
    const [agents, teams, workflows] = await Promise.all([
      source.listAgents(),
      source.listTeams(),
      source.listWorkflows(),
    ]);
    return { agents, teams, workflows, found: await source.agents(platform.agentIds()) };
  };
  const [one, two] = [await idsOf('db-1'), await idsOf('db-2')];
  const names = (rows: readonly { readonly key: string }[]) => rows.map(({ key }) => key);
  expect([...names(one.agents), ...names(two.agents)].sort()).toEqual(platform.agentIds().toSorted());
  expect([names(one.agents).length, names(two.agents).length]).toEqual([3, 3]);
  expect([names(one.teams), names(two.teams)]).toEqual([['customer-care', 'duty-desk'], ['content-studio']]);
  expect([names(one.workflows), names(two.workflows)]).toEqual([['contract-intake'], ['weekly-report']]);
  expect(one.found.every((agent) => agent !== null && !(agent instanceof Error))).toBe(true);
});
