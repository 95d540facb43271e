import { afterEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { anySession, type SessionFilter } from '../../src/domain/filter.ts';
import type { AgentRecord } from '../../src/domain/records.ts';
import { createHttpSource, type HttpSource } from '../../src/http/client.ts';
import { defaultHttpLimits } from '../../src/http/limits.ts';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import type { FeedStart } from '../../src/pagination/feed.ts';
import { foundry } from '../../src/providers/foundry/index.ts';
import { encodeKey } from '../../src/providers/key.ts';
import { asUser } from '../../src/providers/provider.ts';
import type { Source } from '../../src/providers/source.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { sessionsWhole } from '../selected.ts';
import { expose } from './expose.ts';

const open: (RunningPlatform | HttpSource)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function start(options: Omit<PlatformOptions, 'platform'> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'foundry', sessions: 0, agents: 0, ...options });
  open.push(platform);
  return platform;
}

/** The source as one operation sees it. */
function connect(platform: RunningPlatform, given: Record<string, unknown> = {}, user: string | null = null): Source {
  const settings = foundry.settings.parse(given);
  const limits = { ...defaultHttpLimits, retries: 0 };
  const http = createHttpSource({ sourceId: 'prod', url: platform.url, auth: { kind: 'none' }, limits });
  open.push(http);
  const upstream = http.open({
    ...asUser(foundry, user, settings),
    forwarded: {},
    requestId: 'test',
    signal: new AbortController().signal,
    deadline: performance.now() + 900_000,
    budget: createRequestBudget(),
    fresh: false,
    observer: null,
  });
  return foundry
    .configure({ id: 'prod', name: 'Production', url: platform.url, settings })
    .connect(upstream, sessionsWhole);
}

function requestsOf(platform: RunningPlatform): string[] {
  const base = new URL(platform.url).pathname;
  return platform.requests.map(({ method, url }) => `${method} ${url.slice(base.length)}`);
}

async function readFeeds(source: Source, filter: Partial<SessionFilter> = {}, from: FeedStart = { kind: 'head' }) {
  const feeds = await source.sessionFeeds({ filter: { ...anySession, ...filter }, orderBy: 'createdAt' });
  const pages = await Promise.all(feeds.map((feed) => feed.read({ direction: 'desc', from, limit: 3 })));
  return { feeds, pages, keys: pages.flatMap((page) => page.items.map((item) => item.key)) };
}

/** For answers that the sandbox itself never gives. */
function answerWith(platform: RunningPlatform, part: string, body: unknown): void {
  platform.fail({
    kind: 'status',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    match: ({ url }) => url.includes(part),
  });
}

function refuse(platform: RunningPlatform, part: string, status: number): void {
  platform.fail({ kind: 'status', status, match: ({ url }) => url.includes(part) });
}

function latestKeyOf(agent: AgentRecord): unknown {
  const { latestVersion } = expose(foundry.types.agent, agent);
  return latestVersion instanceof Object && 'key' in latestVersion ? latestVersion.key : null;
}

function codeOf(answer: unknown): string | null {
  return answer instanceof UpstreamError ? answer.code : null;
}

/** Ids that could name another path of the platform, in every spelling that a server or a proxy might decode. */
const unsafe = [
  '..',
  '.',
  'a/b',
  'a\\b',
  '../../admin',
  '..%2fadmin',
  '%2e%2e',
  '%2e%2e%2fadmin',
  '%252e%252e%252f',
  '%25252e%25252e%25252f',
  'a%5Cb',
];

const row = {
  agent_session_id: 'session-0001',
  version_indicator: { type: 'version_ref', agent_version: '3' },
  status: 'Active',
  created_at: 1_760_000_000,
  last_accessed_at: 1_760_000_060,
  expires_at: 1_762_592_060,
  stopped_at: 1_760_000_050,
};

const version = {
  object: 'agent.version',
  id: 'release-notes:3',
  name: 'release-notes',
  version: '3',
  description: 'Writes release notes.',
  metadata: { team: 'docs' },
  created_at: 1_750_000_000,
  definition: {
    kind: 'hosted',
    cpu: '1',
    memory: '2Gi',
    environment_variables: { LOG_LEVEL: 'info' },
    container_configuration: { image: 'notes:3' },
    protocol_versions: [{ protocol: 'responses', version: 'v1' }],
    session_configuration: { idle_timeout_seconds: 900 },
    telemetry_config: { enabled: true },
  },
  draft: false,
  status: 'active',
  instance_identity: { principal_id: 'p-1' },
  blueprint: { principal_id: 'p-2' },
  agent_guid: '0f0e',
};

describe('a session', () => {
  test('has everything the platform documents', async () => {
    const platform = await start();
    answerWith(platform, '/sessions/', { ...row, brand_new: { ignored: true } });
    const [session] = await connect(platform).sessions(['release-notes/session-0001']);
    if (!session || session instanceof Error) throw new Error('There is no session.');
    const { row: held, ...common } = session;
    expect(common).toMatchInlineSnapshot(`
      {
        "agentKey": "release-notes",
        "complete": true,
        "createdAt": {
          "micros": 1760000000000000,
          "text": "2025-10-09T08:53:20Z",
        },
        "key": "release-notes/session-0001",
        "kind": "AGENT",
        "nativeId": "session-0001",
        "nativeStatus": "Active",
        "preview": null,
        "provider": "foundry",
        "sourceId": "prod",
        "status": "RUNNING",
        "tags": [],
        "teamKey": null,
        "title": null,
        "updatedAt": {
          "micros": 1760000060000000,
          "text": "2025-10-09T08:54:20Z",
        },
        "userId": null,
        "workflowKey": null,
      }
    `);
    expect(expose(foundry.types.session, session)).toMatchInlineSnapshot(`
      {
        "agentName": "release-notes",
        "agentSessionId": "session-0001",
        "agentVersion": {
          "key": "release-notes/3",
          "sourceId": "prod",
        },
        "expiresAt": {
          "micros": 1762592060000000,
          "text": "2025-11-08T08:54:20Z",
        },
        "lastAccessedAt": {
          "micros": 1760000060000000,
          "text": "2025-10-09T08:54:20Z",
        },
        "stoppedAt": {
          "micros": 1760000050000000,
          "text": "2025-10-09T08:54:10Z",
        },
        "versionIndicator": {
          "agentVersion": "3",
          "type": "version_ref",
        },
      }
    `);
  });

  test('may lack everything but its id', async () => {
    const platform = await start();
    const nulls = Object.fromEntries(Object.keys(row).map((name) => [name, null]));
    answerWith(platform, '/sessions?', {
      data: [{ agent_session_id: 'bare' }, { ...nulls, agent_session_id: 'nulls' }],
      has_more: false,
    });
    const { pages } = await readFeeds(connect(platform), { agentKeys: ['a'] });
    const sessions = pages[0]?.items.map(({ row: session }) => session) ?? [];
    expect(sessions.map(({ nativeId }) => nativeId)).toEqual(['bare', 'nulls']);
    for (const session of sessions) {
      const { status, nativeStatus, createdAt, updatedAt, title } = session;
      expect({ status, nativeStatus, createdAt, updatedAt, title }).toEqual({
        status: 'UNKNOWN',
        nativeStatus: null,
        createdAt: null,
        updatedAt: null,
        title: null,
      });
      expect(expose(foundry.types.session, session)).toEqual({
        agentSessionId: session.nativeId,
        agentName: 'a',
        versionIndicator: null,
        agentVersion: null,
        lastAccessedAt: null,
        expiresAt: null,
        stoppedAt: null,
      });
    }
  });

  test('fails the whole list when it has no id, and so does a list that is paged by tokens', async () => {
    for (const body of [
      { data: [row, { ...row, agent_session_id: undefined }], has_more: false },
      { data: [row], pagination_token: 'next' },
    ]) {
      const platform = await start();
      answerWith(platform, '/sessions?', body);
      const reading = readFeeds(connect(platform), { agentKeys: ['a'] });
      await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    }
  });

  test('has one status for each the platform knows, in any case, and UNKNOWN for new ones', async () => {
    const platform = await start();
    const statuses = 'creating active Active idle updating failed deleting deleted expired hibernating'.split(' ');
    const data = statuses.map((status, index) => ({ ...row, status, agent_session_id: `session-${index}` }));
    answerWith(platform, '/sessions?', { data, has_more: false });
    const { pages } = await readFeeds(connect(platform), { agentKeys: ['a'] });
    const pairs = pages[0]?.items.map(({ row: session }) => `${session.nativeStatus} ${session.status}`);
    expect(pairs).toEqual([
      'creating STARTING',
      'active RUNNING',
      'Active RUNNING',
      'idle IDLE',
      'updating RUNNING',
      'failed FAILED',
      'deleting ENDED',
      'deleted ENDED',
      'expired ENDED',
      'hibernating UNKNOWN',
    ]);
  });
});

describe('an agent and its versions', () => {
  test('have everything that the platform sends', async () => {
    const platform = await start();
    answerWith(platform, '/agents/release-notes?', {
      object: 'agent',
      id: 'release-notes',
      name: 'release-notes',
      versions: { latest: version },
      state: 'enabled',
      configuration_state: 'ready',
      state_source: { kind: 'user' },
      agent_endpoint: {
        version_selector: { version_selection_rules: [{ type: 'FixedRatio', agent_version: '3', traffic: 100 }] },
        protocol_configuration: { responses: {} },
        authorization_schemes: [{ type: 'Entra' }],
      },
      instance_identity: { principal_id: 'p-1' },
      blueprint: { principal_id: 'p-2' },
      blueprint_reference: { id: 'b-1' },
      agent_card: { skills: [] },
      digital_worker_type: 'assistant',
    });
    const source = connect(platform);
    const [agent] = await source.agents(['release-notes']);
    if (!agent || agent instanceof Error) throw new Error('There is no agent.');
    const { row, ...common } = agent;
    expect(common).toMatchInlineSnapshot(`
      {
        "createdAt": null,
        "description": "Writes release notes.",
        "key": "release-notes",
        "model": null,
        "name": "release-notes",
        "nativeId": "release-notes",
        "provider": "foundry",
        "sourceId": "prod",
      }
    `);
    expect(expose(foundry.types.agent, agent)).toMatchInlineSnapshot(`
      {
        "agentCard": {
          "skills": [],
        },
        "agentEndpoint": {
          "authorizationSchemes": [
            {
              "type": "Entra",
            },
          ],
          "protocolConfiguration": {
            "responses": {},
          },
          "versionSelector": {
            "version_selection_rules": [
              {
                "agent_version": "3",
                "traffic": 100,
                "type": "FixedRatio",
              },
            ],
          },
        },
        "agentId": "release-notes",
        "blueprint": {
          "principal_id": "p-2",
        },
        "blueprintReference": {
          "id": "b-1",
        },
        "configurationState": "ready",
        "digitalWorkerType": "assistant",
        "instanceIdentity": {
          "principal_id": "p-1",
        },
        "latestVersion": {
          "key": "release-notes/3",
          "sourceId": "prod",
        },
        "object": "agent",
        "state": "enabled",
        "stateSource": {
          "kind": "user",
        },
        "versions": {
          "key": "release-notes",
          "sourceId": "prod",
        },
      }
    `);

    const [latest] = await source.agentVersions(['release-notes/3']);
    if (!latest || latest instanceof Error || foundry.types.agentVersion === null) throw new Error('No version.');
    expect(latest).toMatchObject({ sourceId: 'prod', provider: 'foundry', key: 'release-notes/3', nativeId: '3' });
    expect(expose(foundry.types.agentVersion, latest)).toMatchInlineSnapshot(`
      {
        "agent": {
          "key": "release-notes",
          "sourceId": "prod",
        },
        "agentGuid": "0f0e",
        "agentName": "release-notes",
        "blueprint": {
          "principal_id": "p-2",
        },
        "createdAt": {
          "micros": 1750000000000000,
          "text": "2025-06-15T15:06:40Z",
        },
        "definition": {
          "codeConfiguration": null,
          "containerConfiguration": {
            "image": "notes:3",
          },
          "cpu": "1",
          "environmentVariables": [
            {
              "name": "LOG_LEVEL",
              "value": null,
            },
          ],
          "kind": "hosted",
          "memory": "2Gi",
          "model": null,
          "protocolVersions": [
            {
              "protocol": "responses",
              "version": "v1",
            },
          ],
          "sessionConfiguration": {
            "idleTimeoutSeconds": 900,
          },
          "telemetryConfig": {
            "enabled": true,
          },
        },
        "description": "Writes release notes.",
        "draft": false,
        "instanceIdentity": {
          "principal_id": "p-1",
        },
        "metadata": {
          "team": "docs",
        },
        "object": "agent.version",
        "status": "active",
        "version": "3",
        "versionId": "release-notes:3",
      }
    `);
    expect(requestsOf(platform)).toEqual(['GET /agents/release-notes?api-version=v1']);
  });
});

describe('the lists of sessions', () => {
  test('are one for each hosted agent, asked for with order and version, and never with before', async () => {
    const platform = await start();
    for (const id of ['alpha', 'beta']) {
      platform.addAgent({ id });
      for (let at = 0; at < 4; at += 1) platform.addSession({ agent: id, id: `session-${at}` });
    }
    platform.addAgent({ id: 'prompting', kind: 'prompt' });
    const source = connect(platform);
    const { feeds, keys } = await readFeeds(source);
    expect(feeds.map(({ id, sourceId, maxRows }) => ({ id, sourceId, maxRows }))).toEqual([
      { id: 'beta', sourceId: 'prod', maxRows: 100 },
      { id: 'alpha', sourceId: 'prod', maxRows: 100 },
    ]);
    expect(keys).toEqual(['beta', 'alpha'].flatMap((name) => [3, 2, 1].map((at) => `${name}/session-${at}`)));
    const back = await feeds[1]?.read({ direction: 'asc', from: { kind: 'head' }, limit: 1 });
    expect(back?.items.map(({ key }) => key)).toEqual(['alpha/session-0']);
    expect(back?.more).toBe(true);
    await feeds[1]?.read({ direction: 'asc', from: { kind: 'beyond', position: 'session-0' }, limit: 9 });
    expect(requestsOf(platform)).toEqual([
      'GET /agents?api-version=v1&kind=hosted&order=desc&limit=100',
      'GET /agents/beta/endpoint/sessions?api-version=v1&order=desc&limit=3',
      'GET /agents/alpha/endpoint/sessions?api-version=v1&order=desc&limit=3',
      'GET /agents/alpha/endpoint/sessions?api-version=v1&order=asc&limit=1',
      'GET /agents/alpha/endpoint/sessions?api-version=v1&order=asc&after=session-0&limit=9',
    ]);
    expect(new Set(platform.requests.map(({ headers }) => headers['foundry-features']))).toEqual(
      new Set(['AgentEndpoints=V1Preview']),
    );
  });

  test('are those of the filtered agents only, without a list of agents', async () => {
    const platform = await start();
    platform.addAgent({ id: 'alpha' });
    platform.addSession({ agent: 'alpha', id: 'session-0' });
    const source = connect(platform);
    expect((await readFeeds(source, { agentKeys: ['alpha', 'alpha', 'gone', 'not%a'] })).keys).toEqual([
      'alpha/session-0',
    ]);
    expect(requestsOf(platform)).toEqual([
      'GET /agents/alpha/endpoint/sessions?api-version=v1&order=desc&limit=3',
      'GET /agents/gone/endpoint/sessions?api-version=v1&order=desc&limit=3',
    ]);
    expect((await readFeeds(source, { kinds: ['TEAM'] })).feeds).toEqual([]);
  });

  test('begin again when the id to go on after is gone', async () => {
    for (const unknownAfter of ['error', 'empty'] as const) {
      const platform = await start({ quirks: { unknownAfter } });
      platform.addAgent({ id: 'alpha' });
      platform.addSession({ agent: 'alpha', id: 'session-0', createdAt: 1_700_000_000_000 });
      const from = {
        kind: 'moment',
        moment: 1_700_000_000_000_000,
        behind: 'vanished',
        near: null,
        nearEnd: false,
      } as const;
      const { keys } = await readFeeds(connect(platform), { agentKeys: ['alpha'] }, from);
      expect(keys).toEqual(['alpha/session-0']);
      expect(requestsOf(platform)[0]).toContain('after=vanished');
      expect(requestsOf(platform).at(-1)).toBe(
        'GET /agents/alpha/endpoint/sessions?api-version=v1&order=desc&limit=100',
      );
    }
  });

  test('distinguish an id that is gone, which is a refusal, from a list that ends there', async () => {
    const platform = await start();
    platform.addAgent({ id: 'alpha' });
    platform.addSession({ agent: 'alpha', id: 'session-0' });
    const source = connect(platform);
    const read = (position: string) => readFeeds(source, { agentKeys: ['alpha'] }, { kind: 'beyond', position });
    expect((await read('vanished')).keys).toEqual(['alpha/session-0']);
    expect((await read('session-0')).keys).toEqual([]);
    platform.deleteAgent('alpha');
    expect((await read('session-0')).keys).toEqual([]);
  });

  test('fail for one agent alone', async () => {
    const platform = await start();
    for (const id of ['alpha', 'beta']) platform.addSession({ agent: platform.addAgent({ id }), id: `${id}-1` });
    refuse(platform, '/beta/endpoint', 503);
    const feeds = await connect(platform).sessionFeeds({ filter: anySession, orderBy: 'createdAt' });
    const read = Object.fromEntries(
      feeds.map((feed) => [feed.id, feed.read({ direction: 'desc', from: { kind: 'head' }, limit: 3 })]),
    );
    await expect(read.beta).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect((await read.alpha)?.items.map(({ key }) => key)).toEqual(['alpha/alpha-1']);
  });

  test('fail when the platform denies that of an agent which it still has, and are empty without the agent', async () => {
    const platform = await start();
    for (const id of ['alpha', 'beta']) platform.addSession({ agent: platform.addAgent({ id }), id: `${id}-1` });
    const feeds = await connect(platform).sessionFeeds({ filter: anySession, orderBy: 'createdAt' });
    refuse(platform, '/beta/endpoint', 404);
    platform.deleteAgent('alpha');
    const read = Object.fromEntries(
      feeds.map((feed) => [feed.id, feed.read({ direction: 'desc', from: { kind: 'head' }, limit: 3 })]),
    );
    await expect(read.beta).rejects.toMatchObject({ code: 'UPSTREAM_NOT_FOUND' });
    expect(await read.alpha).toMatchObject({ items: [], more: false });
  });

  test('are refused as they are when the refusal is not about an id', async () => {
    const platform = await start();
    platform.addAgent({ id: 'alpha' });
    const reading = readFeeds(connect(platform, { apiVersion: 'v9' }), { agentKeys: ['alpha'] });
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', status: 400 });
  });

  test('do not end in a loop when the platform says that more follow but not after what', async () => {
    for (const end of [{ has_more: true }, { has_more: true, last_id: null }, { has_more: true, last_id: 'x' }]) {
      const platform = await start();
      answerWith(platform, '/agents?', { data: [{ name: 'alpha' }], ...end });
      answerWith(platform, '/sessions?', { data: [], ...end });
      const { pages } = await readFeeds(connect(platform));
      expect(pages.map(({ items, more }) => ({ items, more }))).toEqual([{ items: [], more: false }]);
      expect(platform.requests.length).toBeLessThanOrEqual(3);
    }
  });
});

describe('lookups', () => {
  test('of sessions are one request for each distinct key, matched by key', async () => {
    const platform = await start();
    platform.addAgent({ id: 'alpha' });
    for (const id of ['session-1', 'session-2', 'session-3']) platform.addSession({ agent: 'alpha', id });
    platform.deleteSession('session-3');
    refuse(platform, '/session-2', 403);
    const source = connect(platform);
    const keys = [
      'alpha/session-1',
      'alpha/session-2',
      'alpha/session-3',
      'gone/session-1',
      'alpha/session-1',
      'alpha',
    ];
    const answers = await source.sessions(keys);
    expect(answers.map((answer) => (answer instanceof Error ? codeOf(answer) : answer?.key))).toEqual([
      'alpha/session-1',
      'UPSTREAM_FORBIDDEN',
      undefined,
      undefined,
      'alpha/session-1',
      undefined,
    ]);
    await source.sessions(['alpha/session-1', 'alpha/session-3']);
    expect(requestsOf(platform).sort()).toEqual([
      'GET /agents/alpha/endpoint/sessions/session-1?api-version=v1',
      'GET /agents/alpha/endpoint/sessions/session-2?api-version=v1',
      'GET /agents/alpha/endpoint/sessions/session-3?api-version=v1',
      'GET /agents/gone/endpoint/sessions/session-1?api-version=v1',
    ]);
  });

  test('of sessions that were listed cost nothing, also of deleted ones that only lists still show', async () => {
    const platform = await start();
    platform.addAgent({ id: 'alpha' });
    platform.addSession({ agent: 'alpha', id: 'session-1' });
    platform.deleteSession('session-1');
    const source = connect(platform);
    const { keys } = await readFeeds(source);
    platform.clearRequests();
    expect(await source.sessions(keys)).toMatchObject([{ key: 'alpha/session-1', status: 'ENDED' }]);
    expect(await source.agents(['alpha'])).toMatchObject([{ key: 'alpha' }]);
    expect(requestsOf(platform)).toEqual([]);
    expect(await connect(platform).sessions(keys)).toEqual([null]);
  });

  test('of up to four agents are single, of more one list and what it lacks', async () => {
    const platform = await start();
    const names = ['a1', 'a2', 'a3', 'a4', 'a5'];
    for (const id of names) platform.addAgent({ id });
    platform.addAgent({ id: 'prompting', kind: 'prompt' });

    await connect(platform).agents([...names.slice(0, 4), 'a1']);
    expect(requestsOf(platform).sort()).toEqual(names.slice(0, 4).map((name) => `GET /agents/${name}?api-version=v1`));

    platform.clearRequests();
    const answers = await connect(platform).agents([...names, 'prompting', 'gone']);
    expect(answers.map((answer) => (answer instanceof Error ? answer : answer?.nativeId))).toEqual([
      ...names,
      'prompting',
      undefined,
    ]);
    expect(requestsOf(platform)).toEqual([
      'GET /agents?api-version=v1&kind=hosted&order=desc&limit=100',
      'GET /agents/prompting?api-version=v1',
      'GET /agents/gone?api-version=v1',
    ]);
  });

  test('fail for each agent alone when the list of agents fails', async () => {
    const platform = await start();
    refuse(platform, '/agents?', 500);
    const answers = await connect(platform).agents(['a1', 'a2', 'a3', 'a4', 'a5']);
    expect(answers.map(codeOf)).toEqual(Array.from({ length: 5 }, () => 'UPSTREAM_UNAVAILABLE'));
    expect(requestsOf(platform)).toHaveLength(1);
  });

  test('lists the versions of an agent once', async () => {
    const platform = await start();
    platform.addAgent({ id: 'alpha' });
    const source = connect(platform);
    const [versions, gone] = await source.versionsOfAgents(['alpha', 'gone', 'not/a/key']);
    expect(versions).toContainEqual(expect.objectContaining({ key: 'alpha/1' }));
    expect(gone).toBeNull();
    expect(await source.versionsOfAgents(['alpha', 'gone'])).toEqual([versions, gone]);
    expect(requestsOf(platform)).toEqual(
      [
        '/agents/alpha/versions?api-version=v1&order=desc&limit=100',
        '/agents/gone/versions?api-version=v1&order=desc&limit=100',
      ].map((url) => `GET ${url}`),
    );
  });

  test('of agent versions ask nothing for the latest of a known agent, and are null for a deleted one', async () => {
    const platform = await start();
    answerWith(platform, '/agents?', { data: [{ name: 'alpha', versions: { latest: version } }], has_more: false });
    answerWith(platform, '/alpha/versions/1?', { ...version, version: '1' });
    const source = connect(platform);
    await source.listAgents();
    const keys = ['alpha/3', 'alpha/1', 'alpha/2', 'alpha/1'];
    const answers = await source.agentVersions(keys);
    expect(answers.map((answer) => (answer instanceof Error ? answer : (answer?.key ?? null)))).toEqual([
      'alpha/3',
      'alpha/1',
      null,
      'alpha/1',
    ]);
    expect(requestsOf(platform)).toEqual([
      'GET /agents?api-version=v1&kind=hosted&order=desc&limit=100',
      'GET /agents/alpha/versions/1?api-version=v1',
      'GET /agents/alpha/versions/2?api-version=v1',
    ]);
  });

  test('of more than four agent versions list the agents, whose latest versions need no request then', async () => {
    const platform = await start();
    const names = ['a1', 'a2', 'a3', 'a4', 'a5'];
    for (const id of names) platform.addAgent({ id });
    const agents = await connect(platform).listAgents();
    const latest = agents.map((agent) => String(latestKeyOf(agent)));
    platform.clearRequests();
    const answers = await connect(platform).agentVersions([...latest, 'a1/999']);
    expect(answers.map((answer) => (answer instanceof Error ? answer : (answer?.key ?? null)))).toEqual([
      ...latest,
      null,
    ]);
    expect(requestsOf(platform)).toEqual([
      'GET /agents?api-version=v1&kind=hosted&order=desc&limit=100',
      'GET /agents/a1/versions/999?api-version=v1',
    ]);
  });

  test('of agent versions do without the list of agents when it fails', async () => {
    const platform = await start();
    answerWith(platform, '/versions/', version);
    refuse(platform, '/agents?', 403);
    const keys = ['alpha/3', 'alpha/1', 'alpha/2', 'alpha/4', 'alpha/5'];
    const answers = await connect(platform).agentVersions(keys);
    expect(answers).toMatchObject([{ key: 'alpha/3' }, null, null, null, null]);
  });

  test('list agents beyond one page', async () => {
    const platform = await start();
    for (let at = 0; at < 120; at += 1) platform.addAgent({ id: `agent-${at}` });
    const agents = await connect(platform).listAgents();
    expect(new Set(agents.map(({ nativeId }) => nativeId)).size).toBe(120);
    expect(requestsOf(platform)).toEqual([
      'GET /agents?api-version=v1&kind=hosted&order=desc&limit=100',
      'GET /agents?api-version=v1&kind=hosted&order=desc&after=agent-20&limit=100',
    ]);
  });

  test('stay in their path segment', async () => {
    const platform = await start();
    const odd = ['x?y=1', 'naïve ✓', '%zz'];
    const keys = odd.map((id) => encodeKey('alpha', id));
    const answers = await connect(platform).sessions([...keys, 'alpha/%zz', 'alpha/a/b', '/', '']);
    expect(answers).toEqual([null, null, null, null, null, null, null]);
    expect(requestsOf(platform).sort()).toEqual([
      'GET /agents/alpha/endpoint/sessions/%25zz?api-version=v1',
      'GET /agents/alpha/endpoint/sessions/na%C3%AFve%20%E2%9C%93?api-version=v1',
      'GET /agents/alpha/endpoint/sessions/x%3Fy%3D1?api-version=v1',
    ]);
  });

  test.each(unsafe)('of %s ask nothing, whether it is an agent, a version, a session or where to go on', async (id) => {
    const platform = await start({ sessions: 5, agents: 1 });
    const source = connect(platform);
    const refused = { code: 'UPSTREAM_UNSAFE_ID', retryable: false };
    expect(await source.sessions([encodeKey('alpha', id), encodeKey(id, 'session-1')])).toMatchObject([
      refused,
      refused,
    ]);
    expect(await source.agents([encodeKey(id)])).toMatchObject([refused]);
    expect(await source.agentVersions([encodeKey('alpha', id), encodeKey(id, '1')])).toMatchObject([refused, refused]);
    expect(await source.versionsOfAgents([encodeKey(id)])).toMatchObject([refused]);
    await expect(readFeeds(source, { agentKeys: [encodeKey(id)] })).rejects.toMatchObject(refused);
    await expect(readFeeds(source, { agentKeys: ['alpha'] }, { kind: 'beyond', position: id })).rejects.toMatchObject(
      refused,
    );
    expect(requestsOf(platform)).toEqual([]);
  });

  test('take a refusal of what can be no name for its absence, and any other refusal as it is', async () => {
    const platform = await start();
    refuse(platform, '/agents/', 400);
    const source = connect(platform);
    expect(await source.sessions(['alpha/no%20id'])).toEqual([null]);
    expect(await source.agents(['-'])).toEqual([null]);
    expect(await source.agentVersions(['alpha/latest'])).toEqual([null]);
    expect(await source.sessions(['alpha/session-1'])).toMatchObject([{ code: 'UPSTREAM_REJECTED' }]);
    expect(await source.agents(['alpha'])).toMatchObject([{ code: 'UPSTREAM_REJECTED' }]);
    expect(await source.agentVersions(['alpha/1'])).toMatchObject([{ code: 'UPSTREAM_REJECTED' }]);
  });

  test('of what the platform does not have ask nothing', async () => {
    const platform = await start();
    const source = connect(platform);
    expect(await source.listTeams()).toEqual([]);
    expect(await source.teams(['a', 'b'])).toEqual([null, null]);
    expect(await source.workflows(['a'])).toEqual([null]);
    expect(requestsOf(platform)).toEqual([]);
  });
});

describe.each(['x-ms-user-isolation-key', 'x-ms-user-identity'])('under a user whom %s names', (userHeader) => {
  test('sessions are of that user, listed or looked up', async () => {
    const platform = await start({ sessions: 40, agents: 2, users: ['alice', 'bob'] });
    const source = connect(platform, { userHeader }, 'alice');
    const { pages } = await readFeeds(source);
    const sessions = pages.flatMap(({ items }) => items.map(({ row: session }) => session));
    expect(sessions.length).toBeGreaterThan(0);
    expect(new Set(sessions.map(({ userId }) => userId))).toEqual(new Set(['alice']));
    const live = sessions.find(({ status }) => status !== 'ENDED');
    const [single] = await connect(platform, { userHeader }, 'alice').sessions([live?.key ?? '']);
    expect(single).toEqual(live);
  });

  test('the user filters them: the own ones are all there are, those of others are not asked for', async () => {
    const platform = await start({ sessions: 40, agents: 2, users: ['alice', 'bob'] });
    const source = connect(platform, { userHeader }, 'alice');
    expect(source.capabilities.filters.userIds).toBe('native');
    const all = await readFeeds(source);
    expect((await readFeeds(source, { userIds: ['bob', 'alice'] })).keys).toEqual(all.keys);
    platform.clearRequests();
    expect((await readFeeds(connect(platform, { userHeader }, 'alice'), { userIds: ['bob'] })).feeds).toEqual([]);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('a session of another user is not shown', async () => {
    const platform = await start({ agents: 1, users: ['alice', 'bob'] });
    const id = platform.addSession({ user: 'bob' });
    const key = encodeKey(platform.agentOf(id) ?? '', id);
    expect(await connect(platform, { userHeader }, 'alice').sessions([key])).toMatchObject([
      { code: 'UPSTREAM_FORBIDDEN' },
    ]);
  });
});

test('without a user nobody knows whose sessions they are', async () => {
  const platform = await start({ sessions: 10, agents: 2 });
  const source = connect(platform);
  expect(source.capabilities.filters.userIds).toBe('never');
  const { pages } = await readFeeds(source);
  expect(new Set(pages.flatMap(({ items }) => items.map(({ row: session }) => session.userId)))).toEqual(
    new Set([null]),
  );
});

describe('what a refusal means', () => {
  const refusalOf = async (status: number, error: unknown, ask: (source: Source) => Promise<readonly unknown[]>) => {
    const platform = await start();
    platform.fail({
      kind: 'status',
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error }),
    });
    const [answer] = await ask(connect(platform)).catch((failure: unknown) => [failure]);
    return answer instanceof UpstreamError ? { code: answer.code, message: answer.message } : answer;
  };
  const lookUp = (source: Source) => source.sessions(['alpha/session-0001']);
  const list = (source: Source) => source.listAgents();
  const secret = 'The principal `f0e1` may not. [Request ID: 17]';

  test.each([
    [
      401,
      { code: 'PermissionDenied', message: secret },
      'UPSTREAM_FORBIDDEN',
      'Source "prod" accepts the credential, which lacks a permission that this needs.',
    ],
    [
      401,
      { code: 'Unauthorized', message: 'audience is incorrect (https://ai.azure.com)' },
      'UPSTREAM_UNAUTHENTICATED',
      'Source "prod" does not accept the credential, which must be for the audience https://ai.azure.com.',
    ],
    [
      403,
      { code: 'preview_feature_required', message: secret, param: 'Foundry-Features' },
      'UPSTREAM_REJECTED',
      'Source "prod" requires its callers to opt in to a preview feature: check `features` in its configuration.',
    ],
    [
      403,
      { code: 'session_not_accessible', message: secret },
      'UPSTREAM_FORBIDDEN',
      'Source "prod" does not show this session to this user.',
    ],
    [
      404,
      { code: 'NotFound', message: 'The project does not exist.' },
      'UPSTREAM_REJECTED',
      'Source "prod" has no such project: check `url` in its configuration.',
    ],
    [
      429,
      { code: 'rate_limit_exceeded', message: secret },
      'UPSTREAM_RATE_LIMITED',
      'Source "prod" asks for fewer requests.',
    ],
    [
      400,
      { code: 'rate_limit_exceeded', message: secret },
      'UPSTREAM_RATE_LIMITED',
      'Source "prod" asks for fewer requests.',
    ],
    [400, { code: null, message: secret }, 'UPSTREAM_REJECTED', 'Source "prod" rejected the request.'],
    [409, { code: 'something_new', message: secret }, 'UPSTREAM_REJECTED', 'Source "prod" rejected the request.'],
    [400, 'no object', 'UPSTREAM_REJECTED', 'Source "prod" rejected the request.'],
  ])('%i %o is %s', async (status, error, code, message) => {
    expect(await refusalOf(status, error, lookUp)).toEqual({ code, message });
    expect(await refusalOf(status, error, list)).toEqual({ code, message });
  });

  test('a session that is not found is none, whatever the status', async () => {
    expect(await refusalOf(404, { code: 'session_not_found', message: secret }, lookUp)).toBeNull();
    expect(await refusalOf(400, { code: 'session_not_found', message: secret }, lookUp)).toBeNull();
  });

  test('a list that is not found is at another URL', async () => {
    expect(await refusalOf(404, { code: 'NotFound', message: 'Resource not found.' }, list)).toEqual({
      code: 'UPSTREAM_NOT_FOUND',
      message: 'Source "prod" has no such list at its URL: check `url` in its configuration.',
    });
  });
});

describe('the settings', () => {
  test('choose version, features and the header that names the user', async () => {
    const platform = await start({ sessions: 40, agents: 2, users: ['alice', 'bob'] });
    const settings = { apiVersion: '2025-11-15-preview', features: '', userHeader: 'x-ms-user-identity' };
    const { keys } = await readFeeds(connect(platform, settings, 'alice'));
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys.map((key) => platform.ownerOf(key)))).toEqual(new Set(['alice']));
    for (const { url, headers } of platform.requests) {
      expect(url).toContain('api-version=2025-11-15-preview');
      expect(headers['foundry-features']).toBeUndefined();
      expect(headers['x-ms-user-identity']).toBe('alice');
      expect(headers['x-ms-user-isolation-key']).toBeUndefined();
    }
  });

  test('have defaults, and no others are known', () => {
    expect(foundry.settings.parse({})).toEqual({
      apiVersion: 'v1',
      features: 'AgentEndpoints=V1Preview',
      userHeader: 'x-ms-user-isolation-key',
      environmentValues: false,
      conversations: { scan: false },
    });
    expect(foundry.settings.safeParse({ region: 'west' }).success).toBe(false);
    expect(foundry.settings.safeParse({ features: 'a\r\nx: y' }).success).toBe(false);
  });
});
