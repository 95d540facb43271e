/** `npm run bench:catalog -- [--postgres <url>] [--sessions 100000] [--rounds 20]`: how long a store of the catalog takes for what a console asks. */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { describeMachine, load } from '../bench/machine.ts';
import type { CatalogEntry } from '../src/catalog/entry.ts';
import { createMemoryStore } from '../src/catalog/memory-store.ts';
import { placeOf } from '../src/catalog/place.ts';
import type { CatalogFacetField, CatalogOrder, CatalogRange, CatalogSelection } from '../src/catalog/query.ts';
import { toWords } from '../src/catalog/search.ts';
import { type CatalogWriter, unfollowed } from '../src/catalog/store.ts';
import { anySession, type SessionFilter } from '../src/domain/filter.ts';
import { openPostgresql } from './bench-catalog/open-postgresql.ts';
import { plausibleEntries, sourceIds } from './bench-catalog/plausible-entries.ts';

const { values: flags } = parseArgs({
  options: {
    postgres: { type: 'string' },
    sessions: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '20' },
  },
});
const pageSize = 100;
const sessions = Number(flags.sessions);
const rounds = Number(flags.rounds);
const url = flags.postgres;
const place = url === undefined ? 'memory' : 'PostgreSQL';

console.log(`${sessions} sessions in ${place}; ${describeMachine()}; load average ${load()}.`);
const store = url === undefined ? createMemoryStore({ maxSessions: 1_000_000 }) : await openPostgresql(url);
const leading = new AbortController();
const writers = new Map<string, CatalogWriter>();
for (const sourceId of sourceIds) writers.set(sourceId, await store.lead(sourceId, leading.signal));
const { samples, seconds, before } = await fill();
const after = rss();
console.log(`Memory of the process: ${before} MB before, ${after} MB with them, ${after - before} MB more.`);
console.log(`Written in pages of about ${pageSize}: ${Math.round(sessions / seconds)} sessions a second.`);

const newestFirst: CatalogOrder = { field: 'createdAt', direction: 'desc' };
const lastActive: CatalogOrder = { field: 'updatedAt', direction: 'desc' };
const byTitle: CatalogOrder = { field: 'title', direction: 'asc' };

interface Question {
  readonly name: string;
  readonly ask: () => Promise<unknown>;
}

const facets = ['status', 'agent', 'tag'] as const;

/** What one view of a console needs: a page, the count, and facets, which leave out their own filter. */
async function view(
  range: CatalogRange,
  search: string | null,
  filter: Partial<SessionFilter>,
  fields: readonly CatalogFacetField[],
): Promise<number> {
  const selection = select(search, filter);
  const [page, count] = await Promise.all([
    store.page(selection, range),
    store.count(selection),
    ...fields.map((field) =>
      store.facet(
        field === 'status' ? select(search, { ...filter, statuses: null }) : select(search, filter),
        field,
        10,
      ),
    ),
  ]);
  if (page.entries.length === 0 || count === 0) throw new Error('Nothing was found, so nothing was measured.');
  return count;
}

function select(search: string | null, filter: Partial<SessionFilter>): CatalogSelection {
  return {
    filters: new Map(sourceIds.map((sourceId) => [sourceId, { ...anySession, ...filter }])),
    words: toWords(search),
  };
}

function first(order: CatalogOrder, range: Partial<CatalogRange> = {}): CatalogRange {
  return { order, walk: 'forward', size: 20, after: null, before: null, ...range };
}

const [middle] = samples;
if (middle === undefined) throw new Error('There are no sessions.');
const questions: readonly Question[] = [
  { name: 'a first page and the count', ask: () => view(first(newestFirst), null, {}, []) },
  {
    name: 'a page after some place',
    ask: () => view(first(newestFirst, { after: placeOf(middle, 'createdAt') }), null, {}, []),
  },
  { name: 'the last page by title', ask: () => view(first(byTitle, { walk: 'backward', size: 100 }), null, {}, []) },
  { name: 'three facets of all and a page', ask: () => view(first(lastActive), null, {}, facets) },
  { name: 'two words, three facets and a page', ask: () => view(first(newestFirst), 'refund FAILED', {}, facets) },
  {
    name: 'the same of three statuses',
    ask: () => view(first(lastActive), 'refund FAILED', { statuses: ['IDLE', 'WAITING', 'FAILED'] }, facets),
  },
  { name: 'two words that are rare, and the same', ask: () => view(first(newestFirst), 'user-1234@ late', {}, facets) },
];

let touched = 0;

/** One entry changes, so that nothing that was worked out before is of any use. */
async function touch(): Promise<void> {
  const entry = samples[touched % samples.length];
  if (entry === undefined) return;
  touched += 1;
  await writers.get(entry.sourceId)?.write([{ ...entry, totalTokens: touched }], 1, unfollowed);
}

const results = [];
for (const { name, ask } of questions) {
  await ask();
  const fresh: number[] = [];
  const again: number[] = [];
  const cpu: number[] = [];
  let longest = 0;
  for (let round = 0; round < rounds; round += 1) {
    await touch();
    const started = process.cpuUsage();
    const turns = watchTurns();
    fresh.push(await timed(ask));
    longest = Math.max(longest, turns.longest());
    const { user, system } = process.cpuUsage(started);
    cpu.push((user + system) / 1000);
    again.push(await timed(ask));
  }
  results.push({
    question: name,
    found: await ask(),
    'p50 ms': millis(quantile(fresh, 0.5)),
    'p95 ms': millis(quantile(fresh, 0.95)),
    'CPU here, p50 ms': millis(quantile(cpu, 0.5)),
    'unchanged, p50 ms': millis(quantile(again, 0.5)),
    'longest turn ms': millis(longest),
  });
}
console.table(results);

const writes: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const [sourceId] = sourceIds;
  const entries = samples.filter((entry) => entry.sourceId === sourceId).slice(0, pageSize);
  writes.push(
    await timed(() =>
      writers.get(sourceId)?.write(
        entries.map((entry) => ({ ...entry, title: `${round}` })),
        1,
        unfollowed,
      ),
    ),
  );
}
const { version = 0 } = (await store.states()).get(sourceIds[0]) ?? {};
const reading: number[] = [];
for (let round = 0; round < rounds; round += 1)
  reading.push(await timed(() => store.changes(sourceIds[0], version - 100, 100)));
console.log(
  `A write that changes up to ${pageSize}: ${millis(quantile(writes, 0.5))} ms. The last 100 changes: ${millis(quantile(reading, 0.5))} ms.`,
);
const atEnd = rss();
const inUse = Math.round(process.memoryUsage().heapUsed / 1024 ** 2);
console.log(`Memory of the process at the end: ${atEnd} MB, with ${inUse} MB of values in use.`);
for (const writer of writers.values()) await writer.release();
await store.close();

/** In pages, as followers do, each made when it is needed; some of the entries are kept for questions. */
async function fill() {
  const kept: CatalogEntry[] = [];
  const start = rss();
  let written = 0;
  let millisWriting = 0;
  for (let seed = 1; written < sessions; seed += 1) {
    const entries = plausibleEntries(Math.min(pageSize * sourceIds.length, sessions - written), seed);
    written += entries.length;
    if (kept.length < 1_000) kept.push(...entries);
    for (const [sourceId, writer] of writers) {
      const page = entries.filter((entry) => entry.sourceId === sourceId);
      millisWriting += await timed(() => writer.write(page, 1, unfollowed));
    }
  }
  return { samples: kept, seconds: millisWriting / 1000, before: start };
}

/** For how long nothing else could be done. */
function watchTurns() {
  let last = performance.now();
  let longest = 0;
  const note = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(note, 1);
  return {
    longest() {
      note();
      clearInterval(timer);
      return longest;
    },
  };
}

async function timed(ask: () => unknown): Promise<number> {
  const began = performance.now();
  await ask();
  return performance.now() - began;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length * share)] ?? 0;
}

function millis(value: number): number {
  return Number(value.toPrecision(2));
}

/** After a collection where there is one to be had (`node --expose-gc`). */
function rss(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage.rss() / 1024 ** 2);
}
