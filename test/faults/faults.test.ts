import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PlatformName, RecordedRequest } from '../../src/sandbox/sandbox.ts';
import { type Answer, type FrontDoor, openFrontDoor } from './front-door.ts';
import { type UpstreamFault, upstreamFaults, upstreamWords } from './upstream-faults.ts';
import { credential, platformNames, startWorld, type World } from './world.ts';

const listQuery = `{
  sessions(first: 100) {
    edges { node { nativeId source { sourceId } } }
    outcomes { source { sourceId } status error { code message retryable } }
  }
}`;
const nodesQuery = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on Session { nativeId } }
}`;
const agentsQuery = `query ($ids: [ID!]!) {
  sessionsById(ids: $ids) { id agent { nativeId name description } }
}`;

interface List {
  readonly sessions: {
    readonly edges: readonly { readonly node: Row }[];
    readonly outcomes: readonly Outcome[];
  };
}

interface Row {
  readonly id: string;
  readonly nativeId: string;
  readonly source: { readonly sourceId: string };
  readonly agent: { readonly name: string | null } | null;
}

interface Outcome {
  readonly source: { readonly sourceId: string };
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
    '{ sessions(first: 100) { edges { node { id nativeId source { sourceId } agent { name } } } outcomes { status } } }',
  );
  await door.close();
  const list = answer.data as unknown as List;
  const all = list.sessions.edges.map(({ node }) => node);
  expect(list.sessions.outcomes.map(({ status }) => status)).toEqual(['COMPLETE', 'COMPLETE', 'COMPLETE', 'COMPLETE']);
  healthy = platformNames.map((name) => {
    const row = all.find(({ source, agent }) => source.sourceId === name && agent?.name != null);
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
  return all.filter(({ source }) => source.sourceId === name).map(({ nativeId }) => nativeId);
}

function sourceAt(provider: PlatformName, url: string, limits: object = {}) {
  const user = provider === 'agentscope' ? { user: { constant: 'alice' } } : {};
  return { id: provider, provider, url, auth: { bearer: credential }, limits, ...user };
}

// Other limits are so far away that a slow machine does not meet them.
const patient = { retries: 1, backoffBaseMs: 1, backoffMaxMs: 2, attemptTimeoutMs: 60_000, deadlineMs: 60_000 };
const hasty = { ...patient, attemptTimeoutMs: 100, deadlineMs: 300 };
// The download of 100 MB has to be broken off long before its end.
const maxResponseBytes = 2 * 1024 * 1024;

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

/** What keeps a process alive, apart from what this one had before. */
function resources(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== 'Immediate' && name !== 'TickObject')
    .toSorted();
}

async function withDoor(faulty: PlatformName, fault: UpstreamFault, use: (door: FrontDoor) => Promise<void>) {
  const before = resources();
  const door = await openFor(faulty, fault);
  try {
    await use(door);
  } finally {
    await door.close();
  }
  await vi.waitFor(() => expect(resources()).toEqual(before), { timeout: 10_000 });
}

// The address is only known once it is listened at: here just the names matter.
const names = upstreamFaults('http://elsewhere.invalid').map(({ name }) => name);

describe.each(platformNames)('when %s answers with', (faulty) => {
  const others = platformNames.filter((name) => name !== faulty);
  const position = platformNames.indexOf(faulty);
  const expectedError = ({ code }: UpstreamFault) => ({
    message: expect.stringMatching(new RegExp(`^Source "${faulty}" [a-z ]+\\.$`)),
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

  test.each(names)('%s, the list has the rows of the others and says so', async (name) => {
    const fault = faultNamed(name);
    await withDoor(faulty, fault, async (door) => {
      breakAnswers(faulty, fault);
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
        platformNames.map((sourceId) =>
          sourceId === faulty
            ? { source: { sourceId }, status: 'FAILED', error }
            : { source: { sourceId }, status: 'COMPLETE', error: null },
        ),
      );
      expectNoSecret(answer, door);
    });
  });

  test.each(names)('%s, the nodes of the others are there and its own is an error', async (name) => {
    const fault = faultNamed(name);
    await withDoor(faulty, fault, async (door) => {
      breakAnswers(faulty, fault);
      const answer = await door.ask(nodesQuery, { variables: { ids: healthy.map(({ id }) => id) } });
      expect(answer.data?.nodes).toEqual(
        healthy.map(({ id, nativeId }, index) => (index === position ? null : { id, nativeId })),
      );
      expect(answer.errors).toMatchObject([{ ...expectedError(fault), path: ['nodes', position] }]);
      expectNoSecret(answer, door);
    });
  });

  test.each(names)('%s, only its own agent is an error', async (name) => {
    const fault = faultNamed(name);
    await withDoor(faulty, fault, async (door) => {
      breakAnswers(faulty, fault, asksForAgent[faulty]);
      const answer = await door.ask(agentsQuery, { variables: { ids: healthy.map(({ id }) => id) } });
      const own = fault.wrong.place === 'answer' ? { agent: null } : null;
      expect(answer.data?.sessionsById).toMatchObject(
        healthy.map(({ agent }, index) => (index === position ? own : { agent: { name: agent?.name } })),
      );
      const path = ['sessionsById', position, ...(own === null ? [] : ['agent'])];
      expect(answer.errors).toMatchObject([{ ...expectedError(fault), path }]);
      expectNoSecret(answer, door);
    });
  });
});
