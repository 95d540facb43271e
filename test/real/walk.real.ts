import { graphql } from 'graphql';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/connections/connection.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import { compareKeys } from '../../src/pagination/order.ts';
import { sessionConnection } from '../../src/resolvers/query/sessions.ts';
import { createSchema } from '../../src/schema/schema.ts';
import { secret } from '../contract.ts';
import { createHarness, type Harness } from '../harness.ts';
import { createRandom } from '../pagination/world.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type RealServer, startRealServer, type World } from './real-server.ts';
import { chosenReleases, type Release } from './releases.ts';
import { createTwin, type Seed } from './seed.ts';
import { sourceOf } from './source-of.ts';

interface Place {
  readonly release: Release;
  readonly server: RealServer;
  readonly world: World;
  readonly seed: Seed;
  readonly visible: number;
}

const places: Place[] = [];
const sandboxes: RunningPlatform[] = [];
let harness: Harness;

beforeAll(async () => {
  const started = await Promise.all(chosenReleases().map(startPlace));
  places.push(...started);
  for (const platform of ['foundry', 'everruns'] as const) {
    sandboxes.push(await startPlatform({ platform, sessions: 150, agents: 5 }));
  }
  harness = createHarness([
    ...places.map(({ release, world }) => sourceOf(release, world.url)),
    ...sandboxes.map(({ platform, url }) => ({ id: platform, provider: platform, url })),
  ]);
});

afterAll(async () => {
  await harness.close();
  await Promise.all([...places.map(({ server }) => server.close()), ...sandboxes.map((sandbox) => sandbox.close())]);
});

async function startPlace(release: Release): Promise<Place> {
  const { sandbox, seed } = await createTwin(release, 160);
  const visible = sandbox.sessionIds().length;
  await sandbox.close();
  const server = await startRealServer(release);
  return { release, server, seed, visible, world: await server.open(seed) };
}

type Direction = 'forward' | 'backward';

async function walk(sizeOf: () => number, direction: Direction = 'forward'): Promise<readonly SessionRecord[]> {
  const sessions: SessionRecord[] = [];
  let cursor: string | null = null;
  for (let page = 0; ; page += 1) {
    if (page > 2000) throw new Error('The walk does not end.');
    const size = sizeOf();
    const answer: Connection<SessionRecord> = await sessionConnection(
      direction === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor },
      {},
      harness.operation(),
    );
    expect(answer.outcomes.map(({ sourceId, status, error }) => [sourceId, status, error])).toEqual(
      answer.outcomes.map(({ sourceId }) => [sourceId, 'COMPLETE', null]),
    );
    const nodes = answer.edges.map(({ node }) => node);
    sessions.push(...(direction === 'forward' ? nodes : nodes.toReversed()));
    const { pageInfo } = answer;
    cursor = (direction === 'forward' ? pageInfo.endCursor() : pageInfo.startCursor()) ?? cursor;
    if (!(await (direction === 'forward' ? pageInfo.hasNextPage() : pageInfo.hasPreviousPage()))) return sessions;
  }
}

function nameOf({ sourceId, key }: SessionRecord): string {
  return `${sourceId} ${key}`;
}

function expectOnceAndInOrder(sessions: readonly SessionRecord[]): void {
  expect(new Set(sessions.map(nameOf)).size).toBe(sessions.length);
  for (const [index, session] of sessions.entries()) {
    const previous = sessions[index - 1];
    if (previous !== undefined) expect(compareKeys(toOrder(previous), toOrder(session), 'desc')).toBeLessThan(0);
  }
}

function toOrder({ createdAt, sourceId, key }: SessionRecord) {
  return { moment: createdAt?.micros ?? null, sourceId, key };
}

test('walks real servers and sandboxes as one list, in order, forward and back, in changing steps', async () => {
  const whole = await walk(() => 100);
  expectOnceAndInOrder(whole);
  const counts = new Map<string, number>();
  for (const { sourceId } of whole) counts.set(sourceId, (counts.get(sourceId) ?? 0) + 1);
  for (const { release, visible } of places) expect(counts.get(release.name), release.name).toBe(visible);
  expect(counts.size).toBe(places.length + sandboxes.length);
  expect(whole.length).toBeGreaterThan(300 + 100 * places.length);
  const random = createRandom(3);
  const size = () => 1 + Math.floor(random() * 60);
  expect((await walk(size)).map(nameOf)).toEqual(whole.map(nameOf));
  expect((await walk(size, 'backward')).map(nameOf)).toEqual(whole.toReversed().map(nameOf));
});

const pageQuery = `query Page($after: String) {
  sessions(first: 100, after: $after) {
    nodes {
      nativeId
      kind
      source { slug }
      user { id }
      agent { nativeId name }
      team { nativeId name members { agent { name } team { name } } }
      ... on AgnoSession { workflow { nativeId name } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Named {
  readonly nativeId: string;
  readonly name: string | null;
}

interface SeenSession {
  readonly nativeId: string;
  readonly kind: string;
  readonly source: { readonly slug: string };
  readonly user: { readonly id: string } | null;
  readonly agent: Named | null;
  readonly team: (Named & { readonly members: readonly unknown[] }) | null;
  readonly workflow?: Named | null;
}

interface PageData {
  readonly sessions: {
    readonly nodes: readonly SeenSession[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

async function readGraph(): Promise<readonly SeenSession[]> {
  const schema = createSchema();
  const seen: SeenSession[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { data, errors } = await graphql({
      schema,
      source: pageQuery,
      variableValues: { after },
      contextValue: harness.operation(),
    });
    expect(errors).toBeUndefined();
    const page = data as unknown as PageData;
    seen.push(...page.sessions.nodes);
    after = page.sessions.pageInfo.endCursor;
    more = page.sessions.pageInfo.hasNextPage;
  }
  return seen;
}

/** Whose a session is, and what it runs, by its stored row. */
interface Belonging {
  readonly user: string | null;
  readonly agent: string | null;
  readonly team: string | null;
  readonly workflow: string | null;
}

interface AgnoRow {
  readonly id: string;
  readonly kind: 'agent' | 'team' | 'workflow';
  readonly componentId: string | null;
  readonly user: string | null;
}

interface Component {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

interface ScopeRow {
  readonly id: string;
  readonly user_id: string;
  readonly agent_id: string;
  readonly team_id: string | null;
}

interface ScopeThing {
  readonly id: string;
  readonly data: { readonly name: string };
}

function belongings({ release, seed }: Place): ReadonlyMap<string, Belonging> {
  if (release.platform === 'agno') {
    const components = (seed.components ?? []) as readonly Component[];
    const named = (row: AgnoRow, kind: string) =>
      components.find((one) => row.kind === kind && one.kind === kind && one.id === row.componentId)?.name ?? null;
    const rows = seed.sessions as readonly AgnoRow[];
    return new Map(
      rows.map((row) => [
        row.id,
        { user: row.user, agent: named(row, 'agent'), team: named(row, 'team'), workflow: named(row, 'workflow') },
      ]),
    );
  }
  const nameIn = (part: string, id: string | null) =>
    ((seed[part] ?? []) as readonly ScopeThing[]).find((one) => one.id === id)?.data.name ?? null;
  const rows = (seed.sessions as readonly ScopeRow[]).filter((row) => row.user_id === 'alice');
  return new Map(
    rows.map((row) => [
      row.id,
      { user: 'alice', agent: nameIn('agents', row.agent_id), team: nameIn('teams', row.team_id), workflow: null },
    ]),
  );
}

test('finds the user, agent, team and workflow of every session, in the graph', async () => {
  const seen = await readGraph();
  for (const place of places) {
    const expected = belongings(place);
    const own = seen.filter(({ source }) => source.slug === place.release.name);
    const found = own.map(({ nativeId, user, agent, team, workflow }) => [
      nativeId,
      {
        user: user?.id ?? null,
        agent: agent?.name ?? null,
        team: team?.name ?? null,
        workflow: workflow?.name ?? null,
      },
    ]);
    expect(own.length, place.release.name).toBe(place.visible);
    expect(Object.fromEntries(found), place.release.name).toEqual(Object.fromEntries(expected));
    // AgentScope 2.0.0 has no teams.
    const hasTeams = place.release.name !== 'agentscope-2.0.0';
    for (const part of ['user', 'agent', ...(hasTeams ? (['team'] as const) : [])] as const) {
      expect(
        own.some((session) => session[part] !== null),
        `${place.release.name} ${part}`,
      ).toBe(true);
    }
    expect(own.some(({ team }) => (team?.members.length ?? 0) > 1)).toBe(hasTeams);
    if (place.release.platform === 'agno') expect(own.some(({ workflow }) => workflow != null)).toBe(true);
  }
});

test('delivers what stays once and in order while sessions come and go on every platform', async () => {
  const random = createRandom(7);
  const before = await walk(() => 100);
  const removable = before.filter(({ teamKey, sourceId }) => teamKey === null || sourceId.startsWith('agno'));
  const changes = { inserted: 0, deleted: 0 };
  let isWalking = true;

  async function disturb(): Promise<void> {
    while (isWalking) {
      const target = removable[Math.floor(random() * removable.length)];
      if (target === undefined) throw new Error('There is nothing to disturb.');
      if (random() < 0.5) {
        await insertBeside(target);
        changes.inserted += 1;
      } else {
        await remove(target);
        changes.deleted += 1;
      }
    }
  }

  const disturbance = disturb();
  const during = await walk(() => 1 + Math.floor(random() * 40));
  isWalking = false;
  await disturbance;
  expect(changes.inserted).toBeGreaterThan(20);
  expect(changes.deleted).toBeGreaterThan(20);
  expectOnceAndInOrder(during);

  const after = await walk(() => 100);
  const left = new Set(after.map(nameOf));
  const staying = before.map(nameOf).filter((name) => left.has(name));
  expect(staying.length).toBeLessThan(before.length);
  expect(staying.length).toBeGreaterThan(60 + 60 * places.length);
  expect(after.length).toBeGreaterThan(staying.length);
  const delivered = new Set(during.map(nameOf));
  expect(staying.filter((name) => !delivered.has(name))).toEqual([]);
});

test('reads the time of a session that a real server dates itself', async () => {
  // Which hour it is, not how fast: a wrong zone is hours off.
  const quarter = 900_000_000;
  for (const { release, world } of places) {
    const now = Date.now() * 1000;
    const createdAt = { from: toInstant(now - quarter), until: toInstant(now + quarter) };
    const read = async () => {
      const filter = { sources: [release.name], createdAt };
      const { edges } = await sessionConnection({ first: 100, filter }, {}, harness.operation());
      return edges.map(({ node }) => node.key);
    };
    const known = await read();
    await create(release, world);
    expect((await read()).length, release.name).toBe(known.length + 1);
  }
});

function toInstant(micros: number): Instant {
  return { micros, text: new Date(micros / 1000).toISOString() };
}

function placeOf(sourceId: string): Place | null {
  return places.find(({ release }) => release.name === sourceId) ?? null;
}

function headersFor({ platform }: Release): Record<string, string> {
  return platform === 'agno' ? { authorization: `Bearer ${secret}` } : { 'X-User-ID': 'alice' };
}

/** By the platform's own API. */
async function create(release: Release, world: World): Promise<void> {
  const headers = { ...headersFor(release), 'content-type': 'application/json' };
  const isAgno = release.platform === 'agno';
  const agentId = isAgno ? null : await anyAgentId(release, world);
  const path = isAgno ? '/sessions?type=agent' : '/sessions/';
  const body = JSON.stringify(isAgno ? { session_name: 'Made now' } : { agent_id: agentId, name: 'Made now' });
  const response = await request(world.url + path, { method: 'POST', headers, body, reset: true });
  expect(response.statusCode, await response.body.text()).toBe(201);
}

async function anyAgentId(release: Release, world: World): Promise<string> {
  const response = await request(`${world.url}/agent/`, { headers: headersFor(release), reset: true });
  const answer = (await response.body.json()) as { readonly agents: readonly { readonly id: string }[] };
  return answer.agents[0]?.id ?? '';
}

/** A session like this one, at the same instant: into the midst of a list, and into its ties. */
async function insertBeside({ sourceId, nativeId, createdAt }: SessionRecord): Promise<void> {
  const place = placeOf(sourceId);
  if (place === null) {
    const micros = createdAt?.micros;
    sandboxes
      .find(({ platform }) => platform === sourceId)
      ?.addSession(micros === undefined ? {} : { createdAtMicros: micros });
    return;
  }
  const row = place.seed.sessions.find((one) => 'id' in one && one.id === nativeId);
  if (row === undefined) return create(place.release, place.world);
  await place.world.insert([{ ...row, id: crypto.randomUUID() }]);
}

/** By the platform's own API, where it is a real one. What is gone already stays so. */
async function remove({ sourceId, nativeId, agentKey }: SessionRecord): Promise<void> {
  const place = placeOf(sourceId);
  if (place === null) {
    sandboxes.find(({ platform }) => platform === sourceId)?.deleteSession(nativeId);
    return;
  }
  const query = place.release.platform === 'agno' ? '' : `?agent_id=${agentKey}`;
  const path = `/sessions/${encodeURIComponent(nativeId)}${query}`;
  const options = { method: 'DELETE', headers: headersFor(place.release), reset: true } as const;
  const response = await request(place.world.url + path, options);
  await response.body.dump();
  expect([204, 404]).toContain(response.statusCode);
}
