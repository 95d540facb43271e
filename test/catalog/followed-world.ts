import { createAllowance } from '../../src/catalog/allowance.ts';
import { type Catalog, createCatalog } from '../../src/catalog/catalog.ts';
import type { CatalogEntry, KeptField } from '../../src/catalog/entry.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { type CatalogStore, type CatalogWriter, type SourceMark, unfollowed } from '../../src/catalog/store.ts';
import { toConfig } from '../../src/config/load-config.ts';
import { type Connection, toConnection } from '../../src/connections/connection.ts';
import { planSource } from '../../src/connections/session-plan.ts';
import type { OperationContext } from '../../src/context.ts';
import { type Contexts, createContexts } from '../../src/create-context.ts';
import { anySession } from '../../src/domain/filter.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import type { Observer } from '../../src/observation/observer.ts';
import { registry } from '../../src/providers/registry.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';

export interface FollowedOptions extends PlatformOptions {
  readonly maxSessions?: number;
  readonly keep?: readonly KeptField[];
  readonly requestsPerMinute?: number;
  readonly sweepMinutes?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly http?: Readonly<Record<string, number>>;
  /** Default: nothing is shared. */
  readonly sharing?: Readonly<Record<string, unknown>>;
}

/** A platform of the sandbox, and a follower of it whose clock is moved by hand. */
export interface FollowedWorld extends AsyncDisposable {
  readonly platform: RunningPlatform;
  readonly clock: HandClock;
  readonly store: CatalogStore;
  /** When each request was sent, by the clock. */
  readonly sentAt: readonly number[];
  readonly reported: readonly unknown[];
  start(): void;
  /** As a process that stops, whatever it is doing. */
  stop(): Promise<void>;
  /** A further process over the same store. */
  another(): Catalog;
  /** As when the store is cut off from the process that leads. */
  loseLead(): void;
  /** What every call of a writer fails with from now on; null for none. */
  failStore(error: Error | null): void;
  mark(): Promise<SourceMark>;
  /** Lets time pass until one more sweep has ended well. */
  sweep(withinMs?: number): Promise<void>;
  /** What the catalog has, by key. */
  kept(): Promise<ReadonlyMap<string, CatalogEntry>>;
  /** What a client's list has, by key, read as if alone where lists say less. */
  live(): Promise<ReadonlyMap<string, CatalogEntry>>;
}

export const sourceId = 'followed';

const silent: Observer = { request: () => null, readBegins: () => {}, read: () => {}, page: () => {} };
const forever = 900_000;
const http = {
  attemptTimeoutMs: forever,
  deadlineMs: forever,
  listShareMs: forever,
  retries: 0,
  breakerFailures: 1_000_000,
};
const allFields: readonly KeptField[] = ['title', 'preview', 'user', 'tags'];

export async function startFollowed(options: FollowedOptions): Promise<FollowedWorld> {
  const { maxSessions = 100_000, keep = allFields, requestsPerMinute = 60, sweepMinutes = 10 } = options;
  const platform = await startPlatform(options);
  const clock = createHandClock();
  const store = createMemoryStore({ maxSessions, now: clock.now });
  const sentAt: number[] = [];
  const reported: unknown[] = [];
  const user = options.platform === 'agentscope' ? { user: { constant: 'alice' } } : {};
  const contexts = createContexts(
    toConfig({
      server: { limits: { http: { ...http, ...options.http } }, sharing: options.sharing ?? { enabled: false } },
      sources: [
        { id: sourceId, provider: options.platform, url: platform.url, catalog: true, ...user, ...options.settings },
      ],
    }),
  );
  const observer: Observer = {
    ...silent,
    request() {
      sentAt.push(clock.now());
      return null;
    },
  };
  const sources = contexts.followed({
    requestId: 'catalog',
    createAllowance: () => createAllowance(requestsPerMinute, clock),
    observe: () => observer,
    report: () => {},
  });
  const faulty = createFaultyStore(store);
  let catalog: Catalog | null = null;

  function another(): Catalog {
    const kept = new Set(keep);
    const report = (error: unknown) => void reported.push(error);
    return createCatalog({ store: faulty.store, sources, kept, requestsPerMinute, sweepMinutes, clock, report });
  }

  async function stop(): Promise<void> {
    await catalog?.close();
    catalog = null;
  }

  async function mark(): Promise<SourceMark> {
    return (await store.states()).get(sourceId)?.mark ?? unfollowed;
  }

  async function close(): Promise<void> {
    await stop();
    await Promise.all([contexts.close(), platform.close(), store.close()]);
  }

  return {
    platform,
    clock,
    store,
    sentAt,
    reported,
    start() {
      catalog = another();
      catalog.start();
    },
    another,
    loseLead: faulty.loseLead,
    failStore: faulty.fail,
    stop,
    mark,
    async sweep(withinMs = 3_600_000) {
      const { sweptAt } = await mark();
      await clock.passUntil(async () => (await mark()).sweptAt !== sweptAt, withinMs);
    },
    async kept() {
      const selection = { filters: new Map([[sourceId, anySession]]), words: [] };
      const { entries } = await store.page(selection, {
        order: { field: 'createdAt', direction: 'desc' },
        walk: 'forward',
        size: maxSessions,
        after: null,
        before: null,
      });
      return byKey(entries);
    },
    live: () => readLive(contexts, options.platform),
    [Symbol.asyncDispose]: close,
  };
}

/** A store whose writers can fail and lose their lead. */
function createFaultyStore(store: CatalogStore) {
  let failure: Error | null = null;
  let losing = new AbortController();

  function toFaulty(writer: CatalogWriter): CatalogWriter {
    const lost = AbortSignal.any([writer.lost, losing.signal]);
    const guard =
      <Given extends readonly unknown[], Value>(call: (...given: Given) => Promise<Value>) =>
      async (...given: Given): Promise<Value> => {
        lost.throwIfAborted();
        if (failure !== null) throw failure;
        return call(...given);
      };
    return {
      lost,
      state: guard(writer.state),
      entries: guard(writer.entries),
      unfinished: guard(writer.unfinished),
      write: guard(writer.write),
      remove: guard(writer.remove),
      finishSweep: guard(writer.finishSweep),
      unseen: guard(writer.unseen),
      forget: guard(writer.forget),
      mark: guard(writer.mark),
      release: writer.release,
    };
  }

  return {
    store: { ...store, lead: async (id: string, signal: AbortSignal) => toFaulty(await store.lead(id, signal)) },
    loseLead() {
      losing.abort(new Error('The lead is lost.'));
      losing = new AbortController();
    },
    fail(error: Error | null) {
      failure = error;
    },
  };
}

async function readLive(contexts: Contexts, provider: string): Promise<ReadonlyMap<string, CatalogEntry>> {
  const rows: SessionRecord[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const context = openOperation(contexts);
    const source = sourceIn(context);
    const list = {
      name: 'sessions',
      identity: 'test',
      direction: 'desc' as const,
      sources: [planSource(source, anySession, 'createdAt', context)],
      isMadeOfReadsAlone: false,
    };
    const { edges, pageInfo }: Connection<SessionRecord> = await toConnection(list, { first: 100, after }, context);
    const nodes = edges.map(({ node }) => node);
    const found = nodes.every(({ complete }) => complete) ? nodes : await source.sessions(nodes.map(({ key }) => key));
    rows.push(...found.filter((each): each is SessionRecord => each !== null && !(each instanceof Error)));
    more = (await pageInfo.hasNextPage()) === true;
    after = pageInfo.endCursor();
  }
  const totalTokensOf = registry.find(({ name }) => name === provider)?.totalTokensOf ?? (() => null);
  return byKey(
    rows.map((session) => {
      const { row: _, complete: __, ...facts } = session;
      return { ...facts, totalTokens: totalTokensOf(session) };
    }),
  );
}

function openOperation(contexts: Contexts): OperationContext {
  return contexts.create({
    viewerId: null,
    requestId: 'test',
    selects: () => true,
    selectsBeyondKey: () => false,
    selection: () => 'test',
    signal: new AbortController().signal,
    header: () => null,
    observer: null,
    report: () => {},
  });
}

function sourceIn({ sources }: OperationContext) {
  const source = sources.get(sourceId);
  if (source === undefined) throw new Error('There is no source.');
  return source;
}

/** In one order, to be compared. */
function byKey(entries: readonly CatalogEntry[]): ReadonlyMap<string, CatalogEntry> {
  return new Map(entries.toSorted((left, right) => (left.key < right.key ? -1 : 1)).map((entry) => [entry.key, entry]));
}
