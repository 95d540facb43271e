import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nowMicros } from '../../src/sandbox/clock.ts';
import { propertyParameters } from '../pagination/plans.ts';
import { createRandom } from '../pagination/world.ts';
import type { Fault } from '../sandbox-controls/faults.ts';
import { type FollowedOptions, type FollowedWorld, startFollowed } from './followed-world.ts';

type Step =
  | { readonly does: 'wait'; readonly seconds: number }
  | { readonly does: 'create' | 'change' | 'run' | 'delete'; readonly count: number }
  | { readonly does: 'set platform' | 'set server'; readonly minutes: number }
  | { readonly does: 'fail'; readonly fault: Fault; readonly everyNth: number }
  | { readonly does: 'heal' | 'restart' };

interface Plan {
  readonly platform: FollowedOptions;
  readonly requestsPerMinute: number;
  readonly sweepMinutes: number;
  readonly random: number;
  readonly steps: readonly Step[];
}

const faults: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 403 },
  { kind: 'truncated-json' },
  { kind: 'reset' },
];

const platforms: readonly FollowedOptions[] = [
  { platform: 'everruns', sessions: 320 },
  { platform: 'foundry', sessions: 260, agents: 3, quirks: { purgeDeleted: true } },
  { platform: 'agentscope', dialect: '2.0.0', sessions: 240, agents: 3 },
  { platform: 'agno', dialect: '2.9', sessions: 320 },
  { platform: 'agno', dialect: '2.3', sessions: 60 },
];

const seenWhole: readonly FollowedOptions[] = [
  { platform: 'agentscope', dialect: '2.0.0', sessions: 240, agents: 3 },
  { platform: 'agentscope', dialect: '2.0.10', sessions: 240, agents: 3 },
  { platform: 'agno', dialect: '2.9', sessions: 60 },
  { platform: 'everruns', sessions: 60 },
];

const count = fc.integer({ min: 1, max: 5 });
const minutes = fc.constantFrom(-60, 60, -5, 5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constantFrom('create', 'change', 'run', 'delete'), count }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('set platform', 'set server'), minutes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('fail' as const),
      fault: fc.constantFrom(...faults),
      everyNth: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('heal', 'restart') }) },
);

const plans: fc.Arbitrary<Plan> = fc.record({
  platform: fc.constantFrom(...platforms),
  requestsPerMinute: fc.constantFrom(20, 60, 600),
  sweepMinutes: fc.constantFrom(1, 5),
  random: fc.integer(),
  steps: fc.array(step, { minLength: 4, maxLength: 20 }),
});

test('the catalog has what the list has after a sweep, whatever happened meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ steps, random, platform, ...settings }) => {
      await using world = await startFollowed({ ...platform, ...settings });
      await live(world, steps, random);
      // One that is under way may have passed what changed last.
      await world.sweep();
      await world.sweep();
      expect(await world.kept()).toEqual(await world.live());
      await world.clock.passUntil(async () => (await world.mark()).behind === null, 600_000);
      expect(mostInAMinute(world.sentAt)).toBeLessThanOrEqual(settings.requestsPerMinute);
      expect(world.reported).toEqual([]);
    }),
    propertyParameters(0.15),
  );
});

test('where a look sees the whole list the catalog has it soon, whatever happened meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.constantFrom(...seenWhole), async ({ steps, random, requestsPerMinute }, platform) => {
      await using world = await startFollowed({ ...platform, requestsPerMinute, sweepMinutes: 100_000 });
      await live(world, steps, random);
      // A failing source is asked again within five minutes, and a look has eight requests.
      await world.clock.pass(600_000);
      expect(await world.kept()).toEqual(await world.live());
      expect(await world.mark()).toMatchObject({ behind: null });
      expect(world.reported).toEqual([]);
    }),
    propertyParameters(0.08),
  );
});

async function live(world: FollowedWorld, steps: readonly Step[], random: number): Promise<void> {
  const actor = createActor(world, createRandom(random));
  world.start();
  for (const step of steps) {
    await actor.act(step);
    await actor.expectNothingDeletedWrongly();
  }
  world.platform.heal();
}

function createActor(world: FollowedWorld, random: () => number) {
  const { platform, clock } = world;
  let skewMs = 0;
  let known: ReadonlySet<string> = new Set();
  let created = 0;
  const platformNow = () => nowMicros / 1000 + clock.now() + skewMs;

  function pick(): string | undefined {
    const ids = platform.sessionIds();
    return ids[Math.floor(random() * ids.length)];
  }

  function create(): void {
    created += 1;
    const now = platformNow();
    platform.addSession({ title: `Created ${created}`, createdAt: now, updatedAt: now });
  }

  function change(): void {
    const id = pick();
    if (id !== undefined) platform.updateSession(id, { title: `Changed ${random()}`, updatedAt: platformNow() });
  }

  /** It begins or ends, and is no activity where only the status says so. */
  function run(): void {
    const id = pick();
    if (id !== undefined) platform.updateSession(id, { status: random() < 0.5 ? 'running' : 'idle' });
  }

  function remove(): void {
    const id = pick();
    if (id !== undefined) platform.deleteSession(id);
  }

  return {
    async act(step: Step): Promise<void> {
      switch (step.does) {
        case 'wait':
          return clock.pass(step.seconds * 1000);
        case 'create':
          return repeat(step.count, create);
        case 'change':
          return repeat(step.count, change);
        case 'run':
          return repeat(step.count, run);
        case 'delete':
          return repeat(step.count, remove);
        case 'set platform':
          skewMs += step.minutes * 60_000;
          return;
        case 'set server':
          return clock.set(step.minutes * 60_000);
        case 'fail': {
          let asked = 0;
          platform.fail({ ...step.fault, match: () => ++asked % step.everyNth === 0 });
          return;
        }
        case 'heal':
          return platform.heal();
        case 'restart':
          await world.stop();
          return world.start();
      }
    },
    async expectNothingDeletedWrongly(): Promise<void> {
      const kept = await world.kept();
      const now = new Set([...kept.values()].map(({ nativeId }) => nativeId));
      const there = new Set(platform.sessionIds());
      expect([...known].filter((id) => !now.has(id) && there.has(id))).toEqual([]);
      known = now;
    },
  };
}

function repeat(times: number, act: () => void): void {
  for (let time = 0; time < times; time += 1) act();
}

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((start, index) => times.slice(index).filter((time) => time < start + 60_000).length));
}
