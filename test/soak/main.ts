/**
 * `npm run soak -- --seconds 300 --clients 50`: many clients ask while faults come and go on every platform. Fails when the
 * server answers malformed or by a 5xx, when anything is thrown that nobody catches, when memory keeps growing, or when not
 * everything works again soon after the last fault is lifted.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Agent, request } from 'undici';
import { toConfig } from '../../src/config/load-config.ts';
import { createApp } from '../../src/server/app.ts';
import type { Fault } from '../sandbox-controls/faults.ts';
import { type Sandbox, startSandbox } from '../sandbox-controls/sandbox.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '300' }, clients: { type: 'string', default: '50' } },
});
const seconds = Number(values.seconds);
const clients = Number(values.clients);
const recoverySeconds = 10;
const allowedGrowth = 1.3;

const uncaught: unknown[] = [];
process.on('unhandledRejection', (reason) => uncaught.push(reason));
process.on('uncaughtException', (error) => uncaught.push(error));

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

function heapMegabytes(): number {
  if (typeof collectGarbage === 'function') collectGarbage();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
}

const queries = [
  '{ sessions(first: 20) { nodes { id title status } pageInfo { hasNextPage endCursor } outcomes { status } } }',
  '{ sessions(last: 5) { nodes { id agent { name } } outcomes { status } } }',
  '{ sessions(first: 10, filter: { search: "a" }) { nodes { id } outcomes { status } } }',
  '{ sources { slug health { state } sessions(first: 3) { nodes { id } outcomes { status } } } }',
  '{ agents(first: 10) { nodes { id name sessions(first: 2) { nodes { id } outcomes { status } } } outcomes { status } } }',
  '{ teams(first: 5) { nodes { name members { agent { name } } } outcomes { status } } }',
];

const faults: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 401 },
  { kind: 'html', status: 403 },
  { kind: 'wrong-content-type' },
  { kind: 'truncated-json' },
  { kind: 'other-shape' },
  { kind: 'reset' },
  { kind: 'reset-mid-body' },
  { kind: 'black-hole' },
  { kind: 'slow-headers', delayMs: 700 },
  { kind: 'slow-body', delayMs: 700 },
  { kind: 'redirect', location: 'http://127.0.0.1:9/' },
];

interface Tally {
  answers: number;
  withErrors: number;
  readonly bad: string[];
}

const sandbox = await startSandbox({ size: 600 });
const app = createApp(
  toConfig({
    server: {
      port: 0,
      log: { level: 'silent' },
      limits: { http: { attemptTimeoutMs: 500, deadlineMs: 3_000, breakerOpenMs: 2_000 } },
    },
    sources: sandbox.sources.map(({ id, provider, platform, settings }) => ({
      id,
      provider,
      url: platform.url,
      ...settings,
    })),
  }),
);
const endpoint = await app.listen();
const dispatcher = new Agent({ connections: clients });
const tally: Tally = { answers: 0, withErrors: 0, bad: [] };

async function ask(query: string): Promise<string> {
  const { statusCode, body } = await request(endpoint, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const text = await body.text();
  tally.answers += 1;
  if (text.includes('"errors"')) tally.withErrors += 1;
  const isAnswer = /^\{"(?:data|errors)":/.test(text) && text.endsWith('}');
  if (statusCode >= 500 || !isAnswer || text.includes('INTERNAL_SERVER_ERROR')) {
    tally.bad.push(`${statusCode} ${text.slice(0, 300)}`);
  }
  return text;
}

function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick.');
  return item;
}

async function beClient(until: number): Promise<void> {
  while (performance.now() < until) await ask(pick(queries));
}

async function disturb({ sources }: Sandbox, until: number): Promise<void> {
  while (performance.now() < until) {
    const lift = pick(sources).platform.fail(pick(faults));
    await wait(100 + Math.random() * 900);
    if (Math.random() < 0.7) lift();
    else setTimeout(lift, 1_000 + Math.random() * 2_000);
  }
  for (const { platform } of sources) platform.heal();
}

/** Seconds until every source is whole again; null when that takes too long. */
async function recovery(): Promise<number | null> {
  const start = performance.now();
  while (performance.now() - start < recoverySeconds * 1000) {
    const texts = await Promise.all(queries.slice(0, 4).map(ask));
    if (texts.every((text) => !/"errors"|FAILED|PARTIAL/.test(text))) return (performance.now() - start) / 1000;
    await wait(100);
  }
  return null;
}

async function run(forSeconds: number): Promise<void> {
  const until = performance.now() + forSeconds * 1000;
  await Promise.all([disturb(sandbox, until), ...Array.from({ length: clients }, () => beClient(until))]);
}

await run(Math.max(5, seconds * 0.2));
const before = heapMegabytes();
await run(seconds * 0.8);
const recoveredIn = await recovery();
const after = heapMegabytes();
await app.close();
await sandbox.close();
await dispatcher.close();

console.log(`${tally.answers} answers to ${clients} clients in ${seconds} s, ${tally.withErrors} of them with errors.`);
console.log(`Heap after collection: ${before} MB early, ${after} MB at the end.`);
console.log(
  recoveredIn === null ? 'It did not recover.' : `All sources whole ${recoveredIn.toFixed(1)} s after the last fault.`,
);
const problems = [
  ...[...new Set(tally.bad)].slice(0, 5).map((answer) => `A bad answer: ${answer}`),
  ...uncaught.map((error) => `Nobody caught ${String(error)}`),
  ...(recoveredIn === null ? [`Not everything worked again within ${recoverySeconds} s.`] : []),
  ...(after > before * allowedGrowth + 20 ? ['Memory grew.'] : []),
];
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
