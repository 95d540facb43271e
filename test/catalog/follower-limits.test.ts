import { expect, test } from 'vitest';
import type { RecordedRequest } from '../sandbox-controls/faults.ts';
import { type FollowedWorld, startFollowed } from './followed-world.ts';

const minute = 60_000;

function mostInAMinute(times: readonly number[]): number {
  return Math.max(...times.map((start, index) => times.slice(index).filter((time) => time < start + minute).length));
}

/** The waits between looks at what is newest, each of which is one request. */
function waitsOf({ sentAt }: FollowedWorld): readonly number[] {
  return sentAt.slice(1).map((time, index) => Math.round((time - (sentAt[index] ?? 0)) / 1000));
}

test.each([
  { platform: 'foundry', sessions: 600, requestsPerMinute: 20 },
  { platform: 'agentscope', sessions: 300, agents: 12, requestsPerMinute: 12 },
  { platform: 'agno', sessions: 2000, requestsPerMinute: 5 },
  { platform: 'agno', dialect: '2.3', sessions: 100, requestsPerMinute: 60 },
] as const)('$platform is sent at most $requestsPerMinute requests in any minute', async (options) => {
  await using world = await startFollowed({ ...options, sweepMinutes: 1 });
  world.start();
  for (let round = 0; round < 30; round += 1) {
    world.platform.addSession({ title: `Round ${round}` });
    await world.clock.pass(20_000);
  }
  expect(world.platform.requests.length).toBe(world.sentAt.length);
  expect(mostInAMinute(world.sentAt)).toBeLessThanOrEqual(options.requestsPerMinute);
  expect(world.sentAt.length).toBeGreaterThan(options.requestsPerMinute * 4);
});

test('requests that are repeated count too', async () => {
  await using world = await startFollowed({
    platform: 'everruns',
    sessions: 50,
    requestsPerMinute: 10,
    http: { retries: 2, backoffBaseMs: 1, backoffMaxMs: 1, retryRatio: 1, retryReserve: 1000 },
  });
  let asked = 0;
  world.platform.fail({ kind: 'status', status: 503, match: () => ++asked % 3 !== 0 });
  world.start();
  await world.clock.pass(20 * minute);
  expect(world.platform.requests.length).toBe(world.sentAt.length);
  expect(world.sentAt.length).toBeGreaterThan(60);
  expect(world.sentAt.length).toBeLessThanOrEqual(20 * 10);
  expect(mostInAMinute(world.sentAt)).toBeLessThanOrEqual(10 + 2);
});

/** With more requests than it needs, and sweeps that are far apart. */
const withoutHaste = { platform: 'agno', sessions: 20, requestsPerMinute: 6000, sweepMinutes: 600 } as const;

test('looks soon again while something changes, and seldom while nothing does', async () => {
  await using world = await startFollowed(withoutHaste);
  world.start();
  await world.sweep();
  await world.clock.pass(2 * minute);
  expect(waitsOf(world).slice(-6)).toEqual([4, 8, 16, 30, 30, 30].slice(-6));
  for (let time = 0; time < 4; time += 1) {
    world.platform.addSession();
    const seen = world.sentAt.length;
    await world.clock.passUntil(() => world.sentAt.length > seen, minute);
  }
  expect(waitsOf(world).slice(-3)).toEqual([2, 2, 2]);
});

test('asks a source that fails less and less often, says why, and goes on when it is back', async () => {
  await using world = await startFollowed(withoutHaste);
  world.start();
  await world.sweep();
  await world.clock.pass(2 * minute);
  world.platform.fail({ kind: 'status', status: 401 });
  const before = world.sentAt.length;
  await world.clock.pass(30 * minute);
  expect(waitsOf(world).slice(before, before + 10)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  expect(await world.mark()).toMatchObject({
    behind: 'Source "followed" asks for a credential, and none is configured.',
  });
  expect((await world.kept()).size).toBe(20);
  const { asOf } = await world.mark();
  world.platform.heal();
  await world.clock.pass(5 * minute);
  expect(await world.mark()).toMatchObject({ behind: null });
  expect((await world.mark()).asOf).toBeGreaterThan(asOf ?? 0);
});

test('keeps only the fields that may be kept', async () => {
  await using world = await startFollowed({ platform: 'everruns', sessions: 100, keep: ['tags'] });
  world.start();
  await world.sweep();
  const live = [...(await world.live()).values()];
  expect(live.some(({ title, preview }) => title !== null && preview !== null)).toBe(true);
  expect([...(await world.kept()).values()]).toEqual(
    live.map((entry) => ({ ...entry, title: null, preview: null, userId: null })),
  );
});

test('a full catalog says what to do, follows what it has, and fills up when there is room', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 250, maxSessions: 200, sweepMinutes: 2 });
  world.start();
  await world.clock.pass(5 * minute);
  const kept = [...(await world.kept()).values()].map(({ nativeId }) => nativeId);
  expect(kept.length).toBeGreaterThan(90);
  expect(await world.mark()).toMatchObject({ sweptAt: null, behind: expect.stringContaining('maxSessions') });
  const [known = ''] = kept;
  world.platform.updateSession(known, { title: 'Still followed', updatedAt: Date.UTC(2026, 10, 20, 12, 5) });
  await world.clock.pass(minute);
  expect([...(await world.kept()).values()].find(({ nativeId }) => nativeId === known)?.title).toBe('Still followed');
  for (const id of world.platform.sessionIds().slice(0, 60)) world.platform.deleteSession(id);
  await world.sweep();
  expect(await world.kept()).toEqual(await world.live());
  expect(await world.mark()).toMatchObject({ behind: null });
});

test('a catalog that was complete says so no more once there is no room', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 195, maxSessions: 200, sweepMinutes: 2 });
  world.start();
  await world.sweep();
  expect((await world.mark()).sweptAt).not.toBeNull();
  for (let count = 0; count < 10; count += 1) world.platform.addSession();
  await world.clock.pass(minute);
  expect(await world.mark()).toMatchObject({ sweptAt: null, behind: expect.stringContaining('maxSessions') });
  await world.clock.pass(3 * minute);
  expect(await world.mark()).toMatchObject({ sweptAt: null, behind: expect.stringContaining('maxSessions') });
});

test('a follower that is stopped ends the request under way and leaves nothing behind', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 250 });
  world.platform.fail({ kind: 'black-hole' });
  world.start();
  while (world.platform.requests.length === 0) await new Promise(setImmediate);
  await world.stop();
  expect(world.clock.waiting()).toBe(0);
  expect(world.reported).toEqual([]);
  const writer = await world.store.lead('followed', AbortSignal.timeout(10_000));
  await writer.release();
  world.platform.heal();
  world.platform.clearRequests();
  world.start();
  await world.sweep();
  expect((await world.kept()).size).toBe(250);
});

test('a follower that is stopped while it waits leaves nothing behind', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50 });
  world.start();
  await world.sweep();
  await world.clock.isWaitedFor();
  const asked = world.platform.requests.length;
  await world.stop();
  expect(world.clock.waiting()).toBe(0);
  expect(world.platform.requests.length).toBe(asked);
});

test('of two followers of one source only one asks, and the other goes on when it stops', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50 });
  world.start();
  await world.sweep();
  const second = world.another();
  second.start();
  const id = world.platform.addSession();
  await world.stop();
  const { sweep } = await world.mark();
  await world.clock.passUntil(
    async () => [...(await world.kept()).values()].some(({ nativeId }) => nativeId === id),
    minute,
  );
  expect(await world.mark()).toMatchObject({ sweep });
  await second.close();
});

test('a follower that loses its lead waits for it again', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50 });
  world.start();
  await world.sweep();
  world.loseLead();
  const id = world.platform.addSession();
  await world.clock.passUntil(
    async () => [...(await world.kept()).values()].some(({ nativeId }) => nativeId === id),
    minute,
  );
  expect(world.reported).toEqual([]);
});

test('a store that fails is reported, and the follower begins anew', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50 });
  world.failStore(new Error('The database is gone.'));
  world.start();
  await world.clock.pass(minute);
  expect(world.reported.length).toBeGreaterThan(2);
  expect(new Set(world.reported.map(String))).toEqual(new Set(['Error: The database is gone.']));
  world.failStore(null);
  await world.sweep();
  expect((await world.kept()).size).toBe(50);
});

test('an answer that was kept from before is not taken for what is there now', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50, sharing: { staleMs: 3_600_000 } });
  world.start();
  await world.sweep();
  await world.clock.pass(minute);
  const { asOf } = await world.mark();
  world.platform.fail({ kind: 'status', status: 503 });
  await world.clock.pass(5 * minute);
  expect(await world.mark()).toMatchObject({ asOf, behind: 'Source "followed" cannot be reached or failed.' });
});

test('a look that misses a list keeps what it sees, and is not taken for a whole one', async () => {
  await using world = await startFollowed({ platform: 'agno', dialect: '2.3', sessions: 20, sweepMinutes: 600 });
  world.start();
  await world.sweep();
  await world.clock.pass(minute);
  const { asOf, newest } = await world.mark();
  world.platform.fail({ kind: 'status', status: 503, match: ({ url }) => url.includes('type=team&') });
  const id = world.platform.addSession();
  await world.clock.pass(2 * minute);
  expect([...(await world.kept()).values()].some(({ nativeId }) => nativeId === id)).toBe(true);
  expect(await world.mark()).toMatchObject({ asOf, newest, behind: 'Source "followed" cannot be reached or failed.' });
  world.platform.heal();
  await world.clock.pass(2 * minute);
  expect(await world.mark()).toMatchObject({ behind: null });
  expect((await world.mark()).newest).toBeGreaterThan(newest ?? 0);
});

test.each([
  [429, { 'retry-after': '120' }, 120],
  [503, { 'retry-after': '200' }, 200],
  [429, { 'x-ms-retry-after-ms': '150000' }, 150],
  [429, { 'retry-after': '86400' }, 3_600],
] as const)('a source that answers %d with %j is not asked for %d seconds', async (status, headers, seconds) => {
  await using world = await startFollowed({ platform: 'foundry', sessions: 250, agents: 6, requestsPerMinute: 600 });
  world.start();
  await world.sweep();
  await world.clock.pass(minute);
  let sent = 0;
  world.platform.fail({
    kind: 'status',
    status,
    headers,
    times: 1,
    match({ url }) {
      if (!url.includes('/endpoint/sessions')) return false;
      sent = world.sentAt.length;
      return true;
    },
  });
  await world.clock.pass(2 * 3_600_000);
  const [refusedAt = 0, next = 0, ...others] = world.sentAt.slice(sent - 1);
  expect(next - refusedAt).toBe(seconds * 1000);
  expect(others.length).toBeGreaterThan(100);
  expect(await world.mark()).toMatchObject({ behind: null });
  expect(await world.kept()).toEqual(await world.live());
});

test('while a source rests the catalog says why it is behind', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50, sharing: { staleMs: 3_600_000 } });
  world.start();
  await world.sweep();
  world.platform.fail({ kind: 'status', status: 429, headers: { 'retry-after': '1000' } });
  await world.clock.passUntil(async () => (await world.mark()).behind !== null, minute);
  expect(await world.mark()).toMatchObject({ behind: 'Source "followed" asks for fewer requests.' });
  const asked = world.platform.requests.length;
  await world.clock.pass(900_000);
  expect(world.platform.requests.length).toBe(asked);
});

test('what sessions were is forgotten an hour later, also while nothing can be read', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 50 });
  world.start();
  await world.sweep();
  await world.clock.pass(minute);
  const { version = 0 } = (await world.store.states()).get('followed') ?? {};
  const [gone = ''] = world.platform.sessionIds();
  world.platform.deleteSession(gone);
  await world.clock.passUntil(async () => (await world.kept()).size === 49, 2 * minute);
  world.platform.fail({ kind: 'status', status: 401 });
  await world.clock.pass(58 * minute);
  expect(await world.store.changes('followed', version, 10)).toMatchObject([
    { entry: null, before: { nativeId: gone } },
  ]);
  await world.clock.pass(4 * minute);
  expect(await world.store.changes('followed', version, 10)).toBeNull();
  expect(await world.store.changes('followed', version + 1, 10)).toEqual([]);
});

test('a fill whose list fails in the middle goes on from there', async () => {
  await using world = await startFollowed({ platform: 'agno', sessions: 2_000 });
  const pageOf = ({ url }: RecordedRequest) => new URLSearchParams(url.split('?')[1]).get('page');
  const isSwept = ({ url }: RecordedRequest) => url.includes('sort_by=created_at');
  world.platform.fail({ kind: 'status', status: 503, match: (request) => pageOf(request) === '12' });
  world.start();
  await world.clock.pass(20 * minute);
  const { size } = await world.kept();
  expect(size).toBeGreaterThan(900);
  expect(size).toBeLessThan(1_200);
  expect(await world.mark()).toMatchObject({ sweptAt: null, behind: 'Source "followed" cannot be reached or failed.' });
  world.platform.heal();
  world.platform.clearRequests();
  const healedAt = world.clock.now();
  await world.sweep();
  expect(await world.mark()).toMatchObject({ sweep: 1, behind: null });
  expect((await world.kept()).size).toBe(2_000);
  const pages = world.platform.requests.filter(isSwept).map((request) => Number(pageOf(request)));
  expect(Math.min(...pages)).toBeGreaterThan(9);
  expect((world.clock.now() - healedAt) / minute).toBeLessThan(6);
});
