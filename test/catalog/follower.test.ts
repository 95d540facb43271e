import { expect, test } from 'vitest';
import { nowMicros } from '../../src/sandbox/clock.ts';
import type { RecordedRequest } from '../sandbox-controls/faults.ts';
import { type FollowedOptions, type FollowedWorld, startFollowed } from './followed-world.ts';

const everyPlatform: readonly FollowedOptions[] = [
  { platform: 'foundry', sessions: 250 },
  { platform: 'everruns', sessions: 250 },
  { platform: 'agentscope', dialect: '2.0.0', sessions: 250 },
  { platform: 'agentscope', dialect: '2.0.10', sessions: 250 },
  { platform: 'agno', dialect: '2.9', sessions: 250 },
  { platform: 'agno', dialect: '3.1', sessions: 250 },
  { platform: 'agno', dialect: '2.3', sessions: 50 },
];

const nowMs = nowMicros / 1000;
const rarely = { sweepMinutes: 600 };
/** After it sweeps come rarely on every platform. */
const quietMs = 4 * 3_600_000;

function keptOf(world: FollowedWorld, nativeId: string) {
  return world.kept().then((kept) => [...kept.values()].find((entry) => entry.nativeId === nativeId));
}

const isKept = (world: FollowedWorld, nativeId: string) => async () => (await keptOf(world, nativeId)) !== undefined;

test.each(everyPlatform)(
  'a sweep of $platform $dialect brings what its list has, and the next tells nothing',
  async (options) => {
    await using world = await startFollowed({ ...options, sweepMinutes: 2 });
    world.start();
    await world.sweep();
    const live = await world.live();
    expect(live.size).toBeGreaterThan(40);
    expect(await world.kept()).toEqual(live);
    // Where the first look sees the whole list, nothing is left to be swept.
    const isSeenWhole = options.platform === 'agentscope' || options.dialect === '2.3';
    expect(await world.mark()).toMatchObject({ sweep: isSeenWhole ? 0 : 1, behind: null });
    const version = async () => (await world.store.states()).get('followed')?.version;
    const before = await version();
    await world.sweep();
    await world.clock.pass(120_000);
    expect(await version()).toBe(before);
    expect(world.reported).toEqual([]);
  },
);

/**
 * Requests of one look at what is newest, while nothing changes, and of a sweep with the two looks before and after it. A look at
 * AgentScope is a sweep.
 */
test.each([
  { platform: 'foundry', sessions: 460, agents: 9, look: 8, sweep: 46 },
  { platform: 'everruns', sessions: 600, agents: 7, look: 1, sweep: 8 },
  { platform: 'agentscope', dialect: '2.0.0', sessions: 240, agents: 6, look: 5, sweep: 5 },
  { platform: 'agentscope', dialect: '2.0.10', sessions: 300, agents: 12, look: 10, sweep: 10 },
  { platform: 'agno', dialect: '2.9', sessions: 400, agents: 6, look: 1, sweep: 10 },
] as const)('a look at the newest of $platform $dialect sends $look requests', async ({ look, sweep, ...options }) => {
  await using world = await startFollowed({ ...options, requestsPerMinute: 6000, ...rarely });
  world.start();
  await world.sweep();
  expect(world.platform.requests).toHaveLength(sweep);
  await world.clock.pass(600_000);
  world.platform.clearRequests();
  await world.clock.pass(60_000);
  expect(world.platform.requests).toHaveLength(2 * look);
});

test.each(everyPlatform)('what is new on $platform $dialect is seen without a sweep', async (options) => {
  await using world = await startFollowed({ ...options, ...rarely });
  world.start();
  await world.sweep();
  const { sweep } = await world.mark();
  const id = world.platform.addSession({ title: 'New' });
  await world.clock.passUntil(isKept(world, id), 60_000);
  expect(await world.mark()).toMatchObject({ sweep });
});

test.each([
  { platform: 'agentscope', dialect: '2.0.10', sessions: 250 },
  { platform: 'agno', dialect: '2.9', sessions: 250 },
  { platform: 'agno', dialect: '2.3', sessions: 250, requestsPerMinute: 600 },
] as const)('a change of an old session of $platform $dialect is seen without a sweep', async (options) => {
  await using world = await startFollowed({ ...options, ...rarely });
  world.start();
  await world.sweep();
  const { sweep } = await world.mark();
  const oldest = world.platform.sessionIds().at(-1) ?? '';
  world.platform.updateSession(oldest, { title: 'Found again', updatedAt: nowMs + 1000 });
  await world.clock.passUntil(async () => (await keptOf(world, oldest))?.title === 'Found again', 60_000);
  expect(await world.mark()).toMatchObject({ sweep });
});

test.each([
  { dialect: '2.0.0', status: 'running', shown: 'UNKNOWN' },
  { dialect: '2.0.1', status: 'running', shown: 'RUNNING' },
  { dialect: '2.0.10', status: 'running', shown: 'RUNNING' },
  { dialect: '2.0.10', status: 'awaiting_permission', shown: 'WAITING' },
] as const)(
  'what an old session of AgentScope $dialect becomes without being touched shows without a sweep: $shown',
  async ({ dialect, status, shown }) => {
    await using world = await startFollowed({ platform: 'agentscope', dialect, sessions: 250, ...rarely });
    const oldest = world.platform.sessionIds().at(-1) ?? '';
    world.platform.updateSession(oldest, { status: 'idle' });
    world.start();
    await world.sweep();
    const { sweep } = await world.mark();
    const { updatedAt, title } = (await keptOf(world, oldest)) ?? {};
    const micros = updatedAt?.micros ?? 0;
    world.platform.updateSession(oldest, { status, title: `${title}!`, updatedAt: (micros - (micros % 1000)) / 1000 });
    await world.clock.pass(60_000);
    expect(await keptOf(world, oldest)).toMatchObject({ status: shown, title: `${title}!` });
    expect(await world.mark()).toMatchObject({ sweep });
  },
);

test.each([
  { platform: 'agentscope', dialect: '2.0.10', sessions: 250 },
  { platform: 'agno', dialect: '2.9', sessions: 80 },
  { platform: 'agno', dialect: '2.3', sessions: 80 },
  { platform: 'everruns', sessions: 80 },
  { platform: 'foundry', sessions: 80, quirks: { purgeDeleted: true } },
] as const)('what is deleted on $platform $dialect is gone soon where a look sees the whole list', async (options) => {
  await using world = await startFollowed({ ...options, requestsPerMinute: 600, ...rarely });
  world.start();
  await world.sweep();
  await world.clock.pass(120_000);
  const { size } = await world.kept();
  const [first = '', ...others] = world.platform.sessionIds();
  for (const id of [first, others.at(-1) ?? '']) world.platform.deleteSession(id);
  await world.clock.pass(60_000);
  expect(await world.kept()).toEqual(await world.live());
  expect((await world.kept()).size).toBe(size - 2);
  expect(await world.mark()).toMatchObject({ behind: null });
});

test.each([
  { platform: 'agno', dialect: '2.9', sessions: 250 },
  { platform: 'agno', dialect: '3.1', sessions: 250 },
  { platform: 'everruns', sessions: 250 },
] as const)('what is deleted on $platform $dialect is gone soon where the platform counts', async (options) => {
  await using world = await startFollowed({ ...options, ...rarely });
  world.start();
  await world.sweep();
  await world.clock.pass(quietMs);
  const { size } = await world.kept();
  const { sweep } = await world.mark();
  const oldest = world.platform.sessionIds().at(-1) ?? '';
  const added = world.platform.addSession({ title: 'New' });
  world.platform.deleteSession(oldest);
  await world.clock.passUntil(async () => (await keptOf(world, oldest)) === undefined, 90_000);
  expect(await keptOf(world, added)).toBeDefined();
  expect((await world.kept()).size).toBe(size);
  expect(await world.mark()).toMatchObject({ sweep: sweep + 1 });
});

test('what is deleted where the platform does not count is gone with the next sweep', async () => {
  const quirks = { purgeDeleted: true };
  await using world = await startFollowed({ platform: 'foundry', sessions: 250, agents: 1, quirks, sweepMinutes: 20 });
  world.start();
  await world.sweep();
  await world.clock.pass(quietMs);
  await world.sweep();
  const oldest = world.platform.sessionIds().at(-1) ?? '';
  world.platform.deleteSession(oldest);
  await world.clock.pass(300_000);
  expect(await keptOf(world, oldest)).toBeDefined();
  await world.sweep();
  expect(await keptOf(world, oldest)).toBeUndefined();
});

test('a session that Foundry shows as deleted is never gone and back', async () => {
  await using world = await startFollowed({
    platform: 'foundry',
    sessions: 400,
    agents: 2,
    requestsPerMinute: 20,
    ...rarely,
  });
  // All have ended, except three that a look does not see.
  for (const id of world.platform.sessionIds()) world.platform.updateSession(id, { status: 'expired' });
  const old = world.platform.sessionIds().slice(-3);
  for (const id of old) world.platform.updateSession(id, { status: 'active' });
  world.start();
  await world.sweep();
  const { sweep } = await world.mark();
  const { version = 0 } = (await world.store.states()).get('followed') ?? {};
  for (const id of old) world.platform.deleteSession(id);
  world.platform.clearRequests();
  const isLookup = ({ url }: RecordedRequest) => old.some((id) => url.includes(`/sessions/${id}`));
  await world.clock.passUntil(() => world.platform.requests.some(isLookup), 600_000);
  expect(await world.mark()).toMatchObject({ sweep });
  await world.sweep(601 * 60_000);
  for (const id of old) expect(await keptOf(world, id)).toMatchObject({ status: 'ENDED', nativeStatus: 'deleted' });
  const changes = await world.store.changes('followed', version, 1000);
  expect(changes?.map(({ entry, before }) => [before?.status, entry?.status])).toEqual(
    old.map(() => ['RUNNING', 'ENDED']),
  );
});

test('where no list shows what changes, what was active last is read again', async () => {
  await using world = await startFollowed({ platform: 'everruns', sessions: 350, requestsPerMinute: 6, ...rarely });
  const old = world.platform.sessionIds().at(-1) ?? '';
  world.platform.updateSession(old, { status: 'idle', updatedAt: nowMs + 1000 });
  world.start();
  await world.sweep();
  const { sweep } = await world.mark();
  const preview = (await keptOf(world, old))?.preview;
  world.platform.updateSession(old, { status: 'active', title: 'Goes on' });
  await world.clock.passUntil(async () => (await keptOf(world, old))?.status === 'RUNNING', 120_000);
  // The platform shows the preview in lists only.
  expect(await keptOf(world, old)).toMatchObject({ title: 'Goes on', preview });
  expect(preview).toBeTypeOf('string');
  expect(await world.mark()).toMatchObject({ sweep });
});

test('what a list leaves out is looked up once, and again when the session changes', async () => {
  await using world = await startFollowed({ platform: 'agno', dialect: '2.3', sessions: 30, sweepMinutes: 1 });
  const lookups = () => world.platform.requests.filter(({ url }) => /^\/sessions\/[^?]/.test(url)).length;
  world.start();
  await world.sweep();
  expect(lookups()).toBe(30);
  await world.sweep();
  expect(lookups()).toBe(30);
  const [id = ''] = world.platform.sessionIds();
  world.platform.updateSession(id, { user: 'dora', updatedAt: nowMs + 5000 });
  await world.clock.passUntil(async () => (await keptOf(world, id))?.userId === 'dora', 60_000);
  expect(lookups()).toBe(31);
});

test('a sweep whose page fails goes on from there, and takes nothing for deleted meanwhile', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 350, sweepMinutes: 5 });
  world.start();
  await world.sweep();
  const gone = world.platform.sessionIds()[200] ?? '';
  world.platform.deleteSession(gone);
  world.platform.fail({ kind: 'status', status: 503, match: isPage(3) });
  await world.clock.pass(900_000);
  expect((await world.kept()).size).toBe(350);
  expect(await world.mark()).toMatchObject({ behind: 'Source "followed" cannot be reached or failed.' });
  world.platform.heal();
  world.platform.clearRequests();
  await world.sweep();
  expect(await keptOf(world, gone)).toBeUndefined();
  expect(world.platform.requests.filter(isPage(2))).toEqual([]);
  expect(await world.kept()).toEqual(await world.live());
  expect(await world.mark()).toMatchObject({ behind: null });
});

test('sessions that a list cannot show hide nothing that is deleted, and the catalog does not say that it has all', async () => {
  await using world = await startFollowed({ platform: 'agno', dialect: '2.9', sessions: 250, sweepMinutes: 5 });
  const lasting = 'Source "followed" counts sessions that it does not return, so they are missing from this page.';
  world.start();
  await world.sweep();
  world.platform.addSession({ unreadable: true });
  const gone = world.platform.sessionIds()[200] ?? '';
  world.platform.deleteSession(gone);
  await world.clock.passUntil(async () => !(await isKept(world, gone)()), 900_000);
  expect((await world.kept()).size).toBe(249);
  expect(await world.mark()).toMatchObject({ sweptAt: null, behind: lasting });
  const added = world.platform.addSession({ title: 'New' });
  await world.clock.passUntil(isKept(world, added), 60_000);
  expect(await world.mark()).toMatchObject({ sweptAt: null, behind: lasting });
});

function isPage(page: number) {
  return ({ url }: RecordedRequest) => new URLSearchParams(url.split('?')[1]).get('page') === String(page);
}

test('a sweep that is broken off keeps nothing of what is deleted before the next', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 350, sweepMinutes: 5 });
  world.start();
  await world.sweep();
  const [newest = ''] = world.platform.sessionIds();
  world.platform.fail({ kind: 'status', status: 503, match: isPage(3) });
  await world.clock.passUntil(async () => (await world.mark()).sweep === 2, 600_000);
  await world.clock.pass(10_000);
  await world.stop();
  world.platform.heal();
  world.platform.deleteSession(newest);
  world.start();
  await world.sweep();
  expect(await keptOf(world, newest)).toBeUndefined();
  expect((await world.kept()).size).toBe(349);
});

test('one list that always fails hides nothing of the others, and nothing is taken for deleted', async () => {
  await using world = await startFollowed({ platform: 'foundry', sessions: 250, sweepMinutes: 2 });
  const agents = [...new Set(world.platform.sessionIds().map((id) => world.platform.agentOf(id)))];
  const [agent = null, other = null] = agents;
  world.platform.fail({ kind: 'status', status: 500, match: ({ url }) => url.includes(`agents/${agent}/endpoint`) });
  world.start();
  await world.clock.pass(600_000);
  const others = world.platform.sessionIds().filter((id) => world.platform.agentOf(id) !== agent);
  const kept = new Set([...(await world.kept()).values()].map(({ nativeId }) => nativeId));
  expect(others.length).toBeGreaterThan(100);
  expect(others.filter((id) => !kept.has(id))).toEqual([]);
  expect(await world.mark()).toMatchObject({
    sweptAt: null,
    asOf: null,
    behind: 'Source "followed" cannot be reached or failed.',
  });
  const added = world.platform.addSession({ agent: other ?? '' });
  await world.clock.passUntil(isKept(world, added), 60_000);
  world.platform.heal();
  await world.sweep();
  expect(await world.kept()).toEqual(await world.live());
});

test('a platform whose clock is put back loses nothing', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 250, sweepMinutes: 5 });
  world.start();
  await world.sweep();
  const hourAgo = nowMs - 3_600_000;
  const id = world.platform.addSession({ createdAt: hourAgo, updatedAt: hourAgo });
  await world.sweep();
  await world.sweep();
  expect(await keptOf(world, id)).toBeDefined();
});

test('a server whose clock is put back goes on as before', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50, sweepMinutes: 5 });
  world.start();
  await world.sweep();
  world.clock.set(-3_600_000);
  await world.stop();
  world.start();
  const [id = ''] = world.platform.sessionIds();
  world.platform.deleteSession(id);
  await world.sweep(310_000);
  expect(await keptOf(world, id)).toBeUndefined();
});
