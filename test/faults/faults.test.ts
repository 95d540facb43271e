import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PlatformName } from '../../src/sandbox/platforms.ts';
import type { RecordedRequest } from '../sandbox-controls/faults.ts';
import { platformNames } from '../sandbox-controls/platform.ts';
import { type Answer, type FrontDoor, openFrontDoor } from './front-door.ts';
import { maxResponseBytes, type UpstreamFault, upstreamFaults, upstreamWords } from './upstream-faults.ts';
import { credential, startWorld, type World } from './world.ts';

const listQuery = `{
  sessions(first: 100) {
    edges { node { nativeId source { slug } } }
    outcomes { source { slug } status error { code message retryable } }
  }
}`;
const nodesQuery = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on Session { nativeId } }
}`;
const agentsQuery = `query ($ids: [ID!]!) {
  sessionsById(ids: $ids) { id agent { nativeId name description } }
}`;

const agentsByIdQuery = 'query ($ids: [ID!]!) { agentsById(ids: $ids) { id name } }';

interface List {
  readonly sessions: {
    readonly edges: readonly { readonly node: Row }[];
    readonly outcomes: readonly Outcome[];
  };
}

interface Row {
  readonly id: string;
  readonly nativeId: string;
  readonly source: { readonly slug: string };
  readonly agent: { readonly id: string; readonly name: string | null } | null;
}

interface Outcome {
  readonly source: { readonly slug: string };
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
}

let world: World;
/** In the order of `platformNames`: a session whose agent exists, as it is while all is well. */
let healthy: readonly Row[];
let rows: ReadonlyMap<string, readonly string[]>;
let unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled);
  process.on('uncaughtExceptionMonitor', noteUnhandled);
  world = await startWorld();
  const door = await openFrontDoor({ sources: platformNames.map((name) => sourceAt(name, world.platforms[name].url)) });
  const answer = await door.ask(
    '{ sessions(first: 100) { edges { node { id nativeId source { slug } agent { id name } } } outcomes { status } } }',
  );
  await door.close();
  const list = answer.data as unknown as List;
  const all = list.sessions.edges.map(({ node }) => node);
  expect(list.sessions.outcomes.map(({ status }) => status)).toEqual(platformNames.map(() => 'COMPLETE'));
  healthy = platformNames.map((name) => {
    const row = all.find(({ source, agent }) => source.slug === name && agent?.name != null);
    if (row === undefined) throw new Error(`No session of ${name} has an agent.`);
    return row;
  });
  rows = new Map(platformNames.map((name) => [name, nativeIdsOf(all, name)]));
  for (const ids of rows.values()) expect(ids.length).toBeGreaterThan(4);
});

afterAll(async () => {
  process.off('unhandledRejection', noteUnhandled);
  process.off('uncaughtExceptionMonitor', noteUnhandled);
  await world.close();
});

afterEach(() => {
  for (const platform of Object.values(world.platforms)) platform.heal();
  expect(unhandled).toEqual([]);
  expect(world.visitors()).toBe(0);
  unhandled = [];
});

function nativeIdsOf(all: readonly Row[], name: string): readonly string[] {
  return all.filter(({ source }) => source.slug === name).map(({ nativeId }) => nativeId);
}

function sourceAt(provider: PlatformName, url: string, limits: object = {}) {
  const user = provider === 'agentscope' ? { user: { constant: 'alice' } } : {};
  return { id: provider, provider, url, auth: { bearer: credential }, limits, ...user };
}

// Time limits so far away that a slow machine does not meet them, and a breaker that does not hide the fault behind its own.
const patient = {
  breakerFailures: 1_000,
  retries: 1,
  backoffBaseMs: 1,
  backoffMaxMs: 2,
  attemptTimeoutMs: 600_000,
  deadlineMs: 600_000,
};
const hasty = { ...patient, attemptTimeoutMs: 100, deadlineMs: 300 };

async function openFor(faulty: PlatformName, fault: UpstreamFault): Promise<FrontDoor> {
  const limits = { ...(fault.hangs ? hasty : patient), maxResponseBytes };
  const url = (name: PlatformName) => (name === faulty ? faultyUrl(name, fault) : world.platforms[name].url);
  const sources = platformNames.map((name) => sourceAt(name, url(name), name === faulty ? limits : patient));
  return openFrontDoor({ server: { log: { level: 'debug' } }, sources });
}

function faultyUrl(name: PlatformName, { wrong }: UpstreamFault): string {
  const real = world.platforms[name].url;
  if (wrong.place === 'answer') return real;
  if (wrong.kind === 'refused') return `${world.nobody}${new URL(real).pathname.replace(/\/$/, '')}`;
  return world.strangers[name].url;
}

function breakAnswers(name: PlatformName, { wrong }: UpstreamFault, match?: (request: RecordedRequest) => boolean) {
  if (wrong.place === 'connection') return;
  world.platforms[name].fail({ ...wrong.fault, ...(match === undefined ? {} : { match }) });
}

const asksForAgent: Readonly<Record<PlatformName, (request: RecordedRequest) => boolean>> = {
  foundry: ({ url }) => /\/agents\/[^/?]+(\?|$)/.test(url),
  everruns: ({ url }) => url.includes('/agents/'),
  agentscope: ({ url }) => url.startsWith('/agent/'),
  agno: ({ url }) => /^\/agents(\/|\?|$)/.test(url),
};

function expectNoSecret(answer: Answer, door: FrontDoor): void {
  const told = `${answer.text}\n${door.logged()}`;
  const addresses = [world.nobody, world.elsewhere, ...allUrls()].map((url) => new URL(url).host);
  for (const secret of [credential, upstreamWords, ...addresses]) expect(told).not.toContain(secret);
}

function allUrls(): readonly string[] {
  return [...Object.values(world.platforms), ...Object.values(world.strangers)].map(({ url }) => url);
}

/** How many of each kind of handle keep this process alive. */
function handles(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== 'Immediate') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Sockets are gone some turns of the event loop after they were closed; the test runner's own timers come and go. */
async function expectNoMoreThan(before: ReadonlyMap<string, number>): Promise<void> {
  const left = () => [...handles()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
  const giveUpAt = performance.now() + 600_000;
  while (left().length > 0 && performance.now() < giveUpAt) await setImmediate();
  expect(left()).toEqual([]);
}

async function withDoor(faulty: PlatformName, fault: UpstreamFault, use: (door: FrontDoor) => Promise<void>) {
  const before = handles();
  const door = await openFor(faulty, fault);
  try {
    await use(door);
  } finally {
    await door.close();
  }
  await expectNoMoreThan(before);
}

// The address is only known once it is listened at: here just the names matter.
const names = upstreamFaults('http://elsewhere.invalid').map(({ name }) => name);

describe.each(platformNames)('when %s answers with', (faulty) => {
  const others = platformNames.filter((name) => name !== faulty);
  const position = platformNames.indexOf(faulty);
  const expectedError = ({ code }: UpstreamFault) => ({
    message: expect.stringMatching(new RegExp(`^Source "${faulty}" [a-z0-9, ]+\\.$`)),
    extensions: {
      code,
      source: faulty,
      retryable: ['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_RATE_LIMITED'].includes(code),
    },
  });

  function faultNamed(name: string): UpstreamFault {
    const fault = upstreamFaults(world.elsewhere).find((each) => each.name === name);
    if (fault === undefined) throw new Error(`No fault ${name}.`);
    return fault;
  }

  // For every save each fault on one platform, by turns; all of them by `npm run test:full`.
  const own = names.filter(
    (_, index) => process.env.TEST_FULL !== undefined || index % platformNames.length === position,
  );

  test.each(own)('%s, what the others have is all there and its own is an error of its own', async (name) => {
    const fault = faultNamed(name);
    await withDoor(faulty, fault, async (door) => {
      breakAnswers(faulty, fault);
      await expectList(door, fault);
      await expectNodes(door, fault);
      world.platforms[faulty].heal();
      breakAnswers(faulty, fault, asksForAgent[faulty]);
      if (fault.hangs) await expectAgentsById(door, fault);
      else await expectAgents(door, fault);
      if (fault.logged !== undefined) expect(door.logged()).toContain(fault.logged);
    });
  });

  async function expectList(door: FrontDoor, fault: UpstreamFault): Promise<void> {
    const answer = await door.ask(listQuery);
    expect(answer.status).toBe(200);
    expect(answer.errors).toEqual([]);
    const { sessions } = answer.data as unknown as List;
    const delivered = sessions.edges.map(({ node }) => node);
    for (const other of others) expect(nativeIdsOf(delivered, other)).toEqual(rows.get(other));
    expect(nativeIdsOf(delivered, faulty)).toEqual([]);
    const { message, extensions } = expectedError(fault);
    const error = { code: fault.code, message, retryable: extensions.retryable };
    expect(sessions.outcomes).toEqual(
      platformNames.map((slug) =>
        slug === faulty
          ? { source: { slug }, status: 'FAILED', error }
          : { source: { slug }, status: 'COMPLETE', error: null },
      ),
    );
    expectNoSecret(answer, door);
  }

  async function expectNodes(door: FrontDoor, fault: UpstreamFault): Promise<void> {
    const answer = await door.ask(nodesQuery, { variables: { ids: healthy.map(({ id }) => id) } });
    expect(answer.data?.nodes).toEqual(
      healthy.map(({ id, nativeId }, index) => (index === position ? null : { id, nativeId })),
    );
    expect(answer.errors).toMatchObject([{ ...expectedError(fault), path: ['nodes', position] }]);
    expectNoSecret(answer, door);
  }

  async function expectAgents(door: FrontDoor, fault: UpstreamFault): Promise<void> {
    const answer = await door.ask(agentsQuery, { variables: { ids: healthy.map(({ id }) => id) } });
    // A platform that cannot even be connected to does not tell the session either.
    const own = fault.wrong.place === 'answer' ? { agent: null } : null;
    expect(answer.data?.sessionsById).toMatchObject(
      healthy.map(({ agent }, index) => (index === position ? own : { agent: { name: agent?.name } })),
    );
    const path = ['sessionsById', position, ...(own === null ? [] : ['agent'])];
    expect(answer.errors).toMatchObject([{ ...expectedError(fault), path }]);
    expectNoSecret(answer, door);
  }

  /** Of the source with the short time limit nothing is asked that must be answered in time. */
  async function expectAgentsById(door: FrontDoor, fault: UpstreamFault): Promise<void> {
    const answer = await door.ask(agentsByIdQuery, { variables: { ids: healthy.map(({ agent }) => agent?.id) } });
    expect(answer.data?.agentsById).toEqual(healthy.map(({ agent }, index) => (index === position ? null : agent)));
    expect(answer.errors).toMatchObject([{ ...expectedError(fault), path: ['agentsById', position] }]);
    expectNoSecret(answer, door);
  }
});
