import type { Journal } from './journal.ts';
import type { PageRecord, ReadRecord, RequestRecord } from './observer.ts';
import { summarize } from './source-summary.ts';

/** What one operation did, for the one who sent it. Times are in milliseconds, from its start. */
export interface Explanation {
  readonly milliseconds: number;
  readonly cost: number | null;
  /** Reads that could only begin when earlier ones of their source had ended are a wave of their own. */
  readonly waves: readonly ExplainedWave[];
  readonly sources: readonly ExplainedSource[];
}

export interface ExplainedWave {
  readonly reads: number;
  readonly requests: number;
  /** The source for which it took the longest, and how long. */
  readonly slowest: string;
  readonly milliseconds: number;
}

export interface ExplainedSource {
  readonly source: string;
  readonly requests: number;
  readonly milliseconds: number;
  readonly lists: readonly ExplainedList[];
  readonly reads: readonly ExplainedRead[];
}

export interface ExplainedList {
  readonly list: string;
  readonly outcome: PageRecord['status'];
  readonly problem: string | null;
  /** `createdAt desc`; null when the source was not asked. */
  readonly order: string | null;
  readonly orderedBy: 'platform' | 'session graph' | null;
  readonly filteredByPlatform: readonly string[];
  readonly filteredHere: readonly string[];
  /** How many lists of the platform were merged, and the first of them. */
  readonly feeds: number;
  readonly firstFeeds: readonly string[];
  readonly scanned: number;
  readonly delivered: number;
}

export interface ExplainedRead {
  readonly read: string;
  readonly kind: string;
  readonly from: ReadRecord['origin'];
  readonly wave: number | null;
  readonly start: number;
  /** Null when it had not ended when the answer was made. */
  readonly milliseconds: number | null;
  readonly rows: number | null;
  readonly failure: string | null;
  readonly requests: readonly ExplainedRequest[];
}

export interface ExplainedRequest {
  readonly attempt: number;
  readonly status: number | null;
  readonly failure: string | null;
  readonly start: number;
  readonly waited: number;
  /** Null when it had not ended when the answer was made. */
  readonly milliseconds: number | null;
  readonly bytes: number | null;
}

const maxFeeds = 10;

/** `clean` is told every path, and takes out what nobody may see. */
export function explain(journal: Journal, now: number, clean: (path: string) => string): Explanation {
  const { startedAt, cost, reads, pages } = journal;
  const since = (time: number) => rounded(time - startedAt);
  const waves = wavesOf(reads, now);
  return {
    milliseconds: since(now),
    cost,
    waves: toWaves(waves, now),
    sources: summarize(journal, now).map(({ sourceId, requests, milliseconds }) => ({
      source: sourceId,
      requests,
      milliseconds,
      lists: pages.filter((page) => page.sourceId === sourceId).map(explainList),
      reads: reads
        .filter(({ target }) => target.sourceId === sourceId)
        .map((read) => explainRead(read, waves.get(read) ?? null, { since, clean })),
    })),
  };
}

function explainList({ list, plan, feeds, status, problem, scanned, delivered }: PageRecord): ExplainedList {
  return {
    list,
    outcome: status,
    problem,
    order: plan === null ? null : `${plan.orderBy} ${plan.direction}`,
    orderedBy: plan === null ? null : plan.ordersItself ? 'platform' : 'session graph',
    filteredByPlatform: plan?.filtersItself ?? [],
    filteredHere: plan?.filteredHere ?? [],
    feeds: feeds.length,
    firstFeeds: feeds.slice(0, maxFeeds),
    scanned,
    delivered,
  };
}

type Since = (time: number) => number;

interface Words {
  readonly since: Since;
  readonly clean: (path: string) => string;
}

function explainRead(read: ReadRecord, wave: number | null, { since, clean }: Words): ExplainedRead {
  const { target, origin, startedAt, endedAt, rows, failure, requests } = read;
  return {
    read: `GET ${clean(target.path())}`,
    kind: target.kind,
    from: origin,
    wave,
    start: since(startedAt),
    milliseconds: endedAt === null ? null : rounded(endedAt - startedAt),
    rows,
    failure,
    requests: requests.map((request) => explainRequest(request, since)),
  };
}

function explainRequest(request: RequestRecord, since: Since): ExplainedRequest {
  const { attempt, status, failure, startedAt, endedAt, waitedMs, bytes } = request;
  return {
    attempt,
    status,
    failure,
    start: since(startedAt),
    waited: rounded(waitedMs),
    milliseconds: endedAt === null ? null : rounded(endedAt - startedAt),
    bytes,
  };
}

/** In which wave of its source each read was, from 1 on. What was kept took no time and is in none. */
function wavesOf(reads: readonly ReadRecord[], now: number): ReadonlyMap<ReadRecord, number> {
  const waves = new Map<ReadRecord, number>();
  const waited = reads.filter(({ origin }) => origin !== 'kept');
  for (const sourceId of new Set(waited.map(({ target }) => target.sourceId))) {
    const own = waited.filter(({ target }) => target.sourceId === sourceId);
    const ended = own.map((read) => ({ read, at: read.endedAt ?? now })).sort((left, right) => left.at - right.at);
    let over = 0;
    let last = 0;
    for (const read of [...own].sort((left, right) => left.startedAt - right.startedAt)) {
      for (let next = ended[over]; next !== undefined && next.at <= read.startedAt; next = ended[++over]) {
        last = Math.max(last, waves.get(next.read) ?? 0);
      }
      waves.set(read, last + 1);
    }
  }
  return waves;
}

function toWaves(waves: ReadonlyMap<ReadRecord, number>, now: number): readonly ExplainedWave[] {
  const entries = [...waves];
  const count = Math.max(0, ...waves.values());
  return Array.from({ length: count }, (_, index) => {
    const reads = entries.flatMap(([read, wave]) => (wave === index + 1 ? [read] : []));
    const times = [...new Set(reads.map(({ target }) => target.sourceId))].map((sourceId) => {
      const own = reads.filter(({ target }) => target.sourceId === sourceId);
      const begin = Math.min(...own.map(({ startedAt }) => startedAt));
      const end = Math.max(...own.map(({ endedAt }) => endedAt ?? now));
      return { slowest: sourceId, milliseconds: rounded(end - begin) };
    });
    const [slowest] = times.sort((left, right) => right.milliseconds - left.milliseconds);
    return {
      reads: reads.length,
      requests: reads.reduce((sum, { origin, requests }) => sum + (origin === 'joined' ? 0 : requests.length), 0),
      slowest: slowest?.slowest ?? '',
      milliseconds: slowest?.milliseconds ?? 0,
    };
  });
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
