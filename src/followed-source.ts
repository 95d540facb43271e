import type { Allowance } from './catalog/allowance.ts';
import type { FollowedOperation, FollowedPage, FollowedSession, FollowedSource } from './catalog/followed-source.ts';
import { toConnection } from './connections/connection.ts';
import { planSource } from './connections/session-plan.ts';
import type { OperationContext, PagingLimits } from './context.ts';
import { UpstreamError } from './domain/errors.ts';
import { anySession } from './domain/filter.ts';
import { makeAnew } from './domain/make.ts';
import type { SessionRecord } from './domain/records.ts';
import type { OpenUpstream } from './http/open-upstream.ts';
import type { RequestBudget } from './http/request-budget.ts';
import type { Upstream } from './http/upstream.ts';
import { identityOf, type LiveSource, type Operation, open } from './live-source.ts';
import { createLoaders } from './loaders/create-loaders.ts';
import type { Observer } from './observation/observer.ts';
import type { Provider } from './providers/provider.ts';

export interface FollowedSourceSettings {
  readonly allowance: Allowance;
  readonly paging: PagingLimits;
  /** The most that one operation may send. */
  readonly requestLimit: number;
  readonly requestId: string;
  /** Made for each operation. */
  readonly observe: () => Observer;
  readonly report: (error: Error) => void;
}

/** With the rows that paging reads around a page, it fits into one request of 100 rows, which is the most that platforms give. */
const pageSize = 95;
/** No page of a follower is in a hurry. It is the longest time that a timer can have. */
const anyTimeMs = 2 ** 31 - 1;

/** The source as this server itself reads it in the background: always anew, one request at a time, and as slowly as it may. */
export function toFollowedSource(live: LiveSource, settings: FollowedSourceSettings): FollowedSource {
  return {
    id: live.entry.id,
    identity: identityOf(live.entry),
    begin: (signal) => begin(live, settings, signal),
    restsFor: settings.allowance.restsFor,
  };
}

function begin(live: LiveSource, settings: FollowedSourceSettings, signal: AbortSignal): FollowedOperation {
  const { entry, configured } = live;
  const { id, provider } = entry;
  const operation = toOperation(settings, signal);
  const budget = createCountedBudget(settings);
  const source = configured.connect(inTurn(live, operation, budget, settings.allowance), {
    ofSessions: () => false,
    agents: () => false,
  });
  const context = toContext(live, operation, settings, new Map([[id, source]]));

  async function page(order: 'createdAt' | 'updatedAt', after: string | null): Promise<FollowedPage> {
    const list = {
      name: 'catalog',
      identity: `catalog by ${order}`,
      direction: 'desc' as const,
      sources: [planSource(source, anySession, order, context)],
      isMadeOfReadsAlone: false,
    };
    const connection = await toConnection(list, { first: pageSize, after }, context);
    const { edges, pageInfo, outcomes } = connection;
    const [outcome] = outcomes;
    const problem =
      outcome === undefined || outcome.error === null
        ? null
        : { message: outcome.error.message, mayPass: outcome.error.retryable };
    return {
      sessions: edges.map(({ node }) => toSession(node, provider)),
      next: (await pageInfo.hasNextPage()) ? pageInfo.endCursor() : null,
      // The platforms that count do so in the answer that has the first page.
      total: after === null ? await connection.totalCount() : null,
      problem,
    };
  }

  async function sessions(keys: readonly string[]) {
    const found = await source.sessions(keys);
    return found.map((each) => (each === null || each instanceof Error ? each : toSession(each, provider)));
  }

  const { orders, listsWhole, listsDeleted } = source.capabilities;
  return { orders, listsWhole, listsDeleted, page, sessions, requests: budget.used };
}

function toSession(
  session: SessionRecord,
  { totalTokensOf }: Pick<Provider<unknown>, 'totalTokensOf'>,
): FollowedSession {
  const { row: _, complete, ...facts } = session;
  return { entry: { ...facts, totalTokens: totalTokensOf(session) }, complete };
}

function toOperation({ requestId, observe, report }: FollowedSourceSettings, signal: AbortSignal): Operation {
  return {
    viewerId: null,
    requestId,
    selects: () => false,
    selectsBeyondKey: () => false,
    selection: () => '',
    signal,
    header: () => null,
    observer: observe(),
    // What is given up when the server stops is no failure of a source.
    report: (error) => {
      if (!signal.aborted) report(error);
    },
  };
}

function toContext(
  { entry, http }: LiveSource,
  operation: Operation,
  { paging }: FollowedSourceSettings,
  sources: OperationContext['sources'],
): OperationContext {
  const { viewerId, signal, observer, report } = operation;
  return {
    viewerId,
    sources,
    loaders: createLoaders(sources),
    make: makeAnew,
    catalog: null,
    paging,
    readingOf: () => ({ as: 'server', userId: entry.user.kind === 'constant' ? entry.user.id : null }),
    listTimeOf: () => ({ ms: anyTimeMs, ranOut: () => {} }),
    staleAgeOf: () => null,
    healthOf: () => http.health(),
    signal,
    observer,
    report,
  };
}

interface CountedBudget extends RequestBudget {
  used(): number;
}

function createCountedBudget({ requestLimit, allowance }: FollowedSourceSettings): CountedBudget {
  let used = 0;
  return {
    take() {
      if (used >= requestLimit) return false;
      used += 1;
      allowance.spend();
      return true;
    },
    remaining: () => requestLimit - used,
    used: () => used,
  };
}

/** Each read has as much time as a whole operation of a client, from when its turn has come. */
function inTurn(live: LiveSource, operation: Operation, budget: RequestBudget, allowance: Allowance): Upstream {
  const openNow = () => open(live, { operation, startedAt: performance.now(), budget, fresh: true });

  function read<Value>(ask: (upstream: OpenUpstream) => Promise<Value>): Promise<Value> {
    return allowance.inTurn(operation.signal, async () => {
      if (allowance.restsFor() > 0) throw new UpstreamError(live.entry.id, 'UPSTREAM_RATE_LIMITED');
      try {
        return await readNow(ask);
      } catch (error) {
        if (error instanceof UpstreamError && error.retryAfterMs !== null) allowance.rest(error.retryAfterMs);
        throw error;
      }
    });
  }

  /** What was kept from before says nothing of what is there now. */
  async function readNow<Value>(ask: (upstream: OpenUpstream) => Promise<Value>): Promise<Value> {
    const upstream = openNow();
    const value = await ask(upstream);
    const failure = upstream.staleBecause();
    if (failure !== null) throw failure;
    return value;
  }

  return {
    user: openNow().user,
    get: (path, options) => read((upstream) => upstream.get(path, options)),
    find: (path, options) => read((upstream) => upstream.find(path, options)),
  };
}
