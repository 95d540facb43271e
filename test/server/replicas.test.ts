import { expect, test } from 'vitest';
import { withFile } from './process.ts';
import { createWalk, openService, type Page, type Replica, type Replicas, withReplicas } from './replicas.ts';

/** Of 240; some of AgentScope belong to other users than the one whose sessions are read. */
const sessions = { foundry: 55, everruns: 72, 'agentscope-records': 24, 'agentscope-views': 32, agno: 48 };

/** Every session once, newest first, and as one process alone tells them in pages of another size. */
async function expectWhole(rows: Page['nodes'], { port }: Replica): Promise<void> {
  const counts = Object.keys(sessions).map((id) => [id, rows.filter(({ source: { slug } }) => slug === id).length]);
  expect([Object.fromEntries(counts), rows.length]).toEqual([sessions, 231]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  // What has no time comes after everything that has one.
  const moments = rows.map(({ createdAt }) => (createdAt === null ? 0 : Date.parse(createdAt)));
  expect(moments).toEqual(moments.toSorted((left, right) => right - left));
  const alone = createWalk(100);
  await alone.go(Number.POSITIVE_INFINITY, () => port);
  expect(rows).toEqual(alone.rows);
}

/** Ends a process that has a page under way, which must be answered, and starts it again on its port. */
async function restart(
  { port, process }: Replica,
  { gate, startAgain }: Replicas,
  walking: Promise<void>,
): Promise<void> {
  process.child.kill('SIGTERM');
  while (await isOpen(port));
  expect(process.child.exitCode).toBeNull();
  gate.release();
  await walking;
  expect((await process.ended).code).toBe(0);
  expect((await startAgain(port)).port).toBe(port);
}

const isOpen = (port: number) =>
  fetch(`http://127.0.0.1:${port}/ready`).then(
    () => true,
    () => false,
  );

test('one list is walked over two replicas by turns, and one of them restarts meanwhile', async () => {
  await withReplicas(withFile, async (replicas) => {
    const [first, second] = replicas.pair;
    const byTurns = (page: number) => (page % 2 === 0 ? first.port : second.port);
    const walk = createWalk();
    await walk.go(10, byTurns);
    const held = replicas.gate.hold();
    const walking = walk.go(1, () => first.port);
    await Promise.race([held, walking.then(() => Promise.reject(new Error('No platform was asked.')))]);
    const restarting = restart(first, replicas, walking);
    await walking;
    await walk.go(10, () => second.port);
    await restarting;
    expect(walk.isOver).toBe(false);
    await walk.go(Number.POSITIVE_INFINITY, byTurns);
    await expectWhole(walk.rows, second);
  });
});

test('one list is walked through a service that leads to two replicas, and one of them restarts meanwhile', async () => {
  await withReplicas(withFile, async (replicas) => {
    const ports = replicas.pair.map(({ port }) => port);
    const service = await openService(ports);
    const walk = createWalk();
    await walk.go(10, () => service.port);
    const held = replicas.gate.hold();
    const walking = walk.go(1, () => service.port);
    await Promise.race([held, walking.then(() => Promise.reject(new Error('No platform was asked.')))]);
    const ending = replicas.pair.find(({ port }) => port === service.chosen.at(-1));
    const other = replicas.pair.find((replica) => replica !== ending);
    if (ending === undefined || other === undefined) throw new Error('The page went to neither.');
    // A pod that is to end is no endpoint any more when it gets the signal: that is what `preStop` waits for.
    service.endpoints = [other.port];
    const restarting = restart(ending, replicas, walking);
    await walking;
    await walk.go(10, () => service.port);
    await restarting;
    service.endpoints = ports;
    const before = service.chosen.length;
    expect(walk.isOver).toBe(false);
    await walk.go(Number.POSITIVE_INFINITY, () => service.port);
    expect(new Set(service.chosen.slice(0, 10))).toEqual(new Set(ports));
    expect(new Set(service.chosen.slice(11, before))).toEqual(new Set([other.port]));
    expect(new Set(service.chosen.slice(before))).toEqual(new Set(ports));
    await expectWhole(walk.rows, other);
  });
});
