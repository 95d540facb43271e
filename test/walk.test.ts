import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../src/connections/connection.ts';
import type { SourceOutcome } from '../src/connections/outcome.ts';
import type { SessionRecord } from '../src/domain/records.ts';
import { compareKeys } from '../src/pagination/order.ts';
import { sessionConnection } from '../src/resolvers/query/sessions.ts';
import { createHarness, type Harness } from './harness.ts';
import { createRandom } from './pagination/world.ts';
import { type Sandbox, startSandbox } from './sandbox-controls/sandbox.ts';

const size = Number(process.env.WALK_SESSIONS);

let sandbox: Sandbox;
let harness: Harness;

beforeAll(async () => {
  sandbox = await startSandbox({ size, seed: 11 });
  harness = createHarness(
    sandbox.sources.map(({ id, provider, platform }) => ({
      id,
      provider,
      url: platform.url,
      user: provider === 'agentscope' ? 'alice' : null,
      // A source that is down must not be spared by its circuit breaker when it is up again.
      limits: { retries: 0, breakerFailures: 1_000_000 },
    })),
  );
});

afterAll(async () => {
  await harness.close();
  await sandbox.close();
});

interface Delivered {
  readonly sessions: readonly SessionRecord[];
  readonly outcomes: readonly (readonly SourceOutcome[])[];
}

async function walk(sizeOf: () => number, between: (page: number) => boolean | undefined): Promise<Delivered> {
  const sessions: SessionRecord[] = [];
  const outcomes: (readonly SourceOutcome[])[] = [];
  let after: string | null = null;
  for (let page = 0; ; page += 1) {
    if (page > 2000) throw new Error('The walk does not end.');
    const goOn = between(page) ?? false;
    const answer: Connection<SessionRecord> = await sessionConnection(
      { first: sizeOf(), after },
      {},
      harness.operation(),
    );
    sessions.push(...answer.edges.map(({ node }) => node));
    outcomes.push(answer.outcomes);
    after = answer.pageInfo.endCursor() ?? after;
    if (!goOn && !(await answer.pageInfo.hasNextPage())) return { sessions, outcomes };
  }
}

function nameOf(session: SessionRecord): string {
  return `${session.sourceId} ${session.key}`;
}

function expectOnce({ sessions }: Delivered): void {
  expect(new Set(sessions.map(nameOf)).size).toBe(sessions.length);
}

function toOrder({ createdAt, sourceId, key }: SessionRecord) {
  return { moment: createdAt?.micros ?? null, sourceId, key };
}

function expectOrdered({ sessions }: Delivered): void {
  for (const [index, session] of sessions.entries()) {
    const previous = sessions[index - 1];
    if (previous !== undefined) expect(compareKeys(toOrder(previous), toOrder(session), 'desc')).toBeLessThan(0);
  }
}

test('walks all platforms as one list, in order', async () => {
  const whole = await walk(
    () => 100,
    () => undefined,
  );
  expectOnce(whole);
  expectOrdered(whole);
  expect(whole.sessions.length).toBeGreaterThan(size * 0.9);
  expect(new Set(whole.sessions.map(({ sourceId }) => sourceId)).size).toBe(5);
});

test('delivers what stays once and in order while sessions come and go on every platform', async () => {
  const random = createRandom(5);
  const before = await walk(
    () => 100,
    () => undefined,
  );
  const gone = new Set<string>();
  let isWalking = true;

  async function disturb(): Promise<number> {
    let changes = 0;
    while (isWalking) {
      const source = sandbox.sources[Math.floor(random() * sandbox.sources.length)];
      const ids = source?.platform.sessionIds() ?? [];
      const id = ids[Math.floor(random() * ids.length)];
      if (source === undefined || id === undefined) throw new Error('The sandbox is empty.');
      if (random() < 0.5) source.platform.addSession();
      else if (source.platform.deleteSession(id)) gone.add(`${source.id} ${id}`);
      changes += 1;
      await setImmediate();
    }
    return changes;
  }

  const disturbance = disturb();
  const during = await walk(
    () => 1 + Math.floor(random() * 60),
    () => undefined,
  );
  isWalking = false;
  expect(await disturbance).toBeGreaterThan(size / 9);
  expectOnce(during);
  expectOrdered(during);
  const delivered = new Set(during.sessions.map(nameOf));
  const staying = before.sessions.filter(({ sourceId, nativeId }) => !gone.has(`${sourceId} ${nativeId}`));
  expect(staying.length).toBeGreaterThan(size / 9);
  expect(staying.map(nameOf).filter((name) => !delivered.has(name))).toEqual([]);
});

test('sources that are killed and revived in the midst of a walk lose and repeat nothing, and outcomes say so', async () => {
  const before = await walk(
    () => 100,
    () => undefined,
  );
  const dead: readonly (readonly string[])[] = [
    [],
    ['agno'],
    ['agno', 'foundry'],
    ['everruns'],
    ['agentscope-views'],
    [],
  ];
  const walked = await walk(
    () => 40,
    (page) => {
      for (const { id, platform } of sandbox.sources) {
        platform.heal();
        if (dead[page]?.includes(id)) platform.fail({ kind: 'reset' });
      }
      return page < dead.length;
    },
  );
  expectOnce(walked);
  expect(new Set(walked.sessions.map(nameOf))).toEqual(new Set(before.sessions.map(nameOf)));
  const failed = walked.outcomes.map((outcomes) =>
    outcomes.filter(({ status }) => status === 'FAILED').map(({ sourceId, error }) => `${sourceId} ${error?.code}`),
  );
  expect(failed.slice(0, dead.length)).toEqual([
    [],
    ['agno UPSTREAM_UNAVAILABLE'],
    ['foundry UPSTREAM_UNAVAILABLE', 'agno UPSTREAM_UNAVAILABLE'],
    ['everruns UPSTREAM_UNAVAILABLE'],
    ['agentscope-views UPSTREAM_UNAVAILABLE'],
    [],
  ]);
  expect(failed.slice(dead.length).flat()).toEqual([]);
});
