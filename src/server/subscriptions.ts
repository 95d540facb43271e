import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { toClientResult } from './client-result.ts';
import { codesOf } from './error-codes.ts';
import { createEvents, type EventSettings } from './events.ts';
import { longestTimer } from './longest-timer.ts';
import { createPauses } from './pauses.ts';
import type { Results } from './results.ts';
import type { Streams } from './streams.ts';
import type { Viewers } from './viewers.ts';

export interface SubscriptionSettings extends EventSettings {
  readonly streams: Streams;
  readonly viewers: Viewers;
  /** Told once of each subscription that has begun. */
  readonly ended: (request: Request, end: SubscriptionEnd) => void;
}

export interface SubscriptionEnd {
  readonly events: number;
  readonly errorCodes: readonly string[];
}

export type Subscribe = (args: ExecutionArgs, request: Request) => Promise<ExecutionResult | Results>;

/**
 * Subscribes, and takes nothing before the first result is asked for: whoever has left by then leaves nothing behind. From then on
 * it ends when the caller leaves or is no longer known, when the server stops, or when there are no more events.
 */
export function createSubscribe(settings: SubscriptionSettings): Subscribe {
  const { contextOf, journals, streams, viewers } = settings;
  const answer = createEvents(settings);
  // One change of the catalog wakes all subscribers at once.
  const pause = createPauses();

  return async (args, request) => {
    if (streams.isFull()) return { errors: [tooMany()] };
    const ending = new AbortController();
    const { signal } = ending;
    const contextValue = contextOf({ args, request, observer: journals.of(request).observer, signal });
    const events = await createSourceEventStream({ ...args, contextValue });
    if (!(Symbol.asyncIterator in events)) return events;
    // Whatever is waited for ends with the signal, and what waits to be asked for the next result with its return.
    const end = () => {
      ending.abort();
      return results.return(undefined);
    };
    const results = run(events, { args, request, signal, end: () => void end() });
    const ended: Results = {
      next: () => results.next(),
      return: end,
      throw: (error) => results.throw(error),
      [Symbol.asyncIterator]: () => ended,
    };
    return ended;
  };

  async function* run(events: AsyncIterable<unknown>, { args, request, signal, end }: Run): Results {
    if (request.signal.aborted) return;
    // Others may have begun since it was looked at.
    if (streams.isFull()) return yield toClientResult(request, { errors: [tooMany()] }, settings);
    const leave = streams.enter(end);
    request.signal.addEventListener('abort', end);
    const { until } = viewers.of(request);
    const expiry = until === null ? undefined : setTimeout(end, Math.min(until - Date.now(), longestTimer));
    const errorCodes = new Set<string>();
    let count = 0;
    try {
      for await (const rootValue of events) {
        await pause();
        if (signal.aborted) break;
        const result = await answer({ args, request, rootValue, signal });
        if (signal.aborted) break;
        for (const code of codesOf(result)) errorCodes.add(code);
        count += 1;
        yield result;
      }
    } catch (error) {
      const result = toClientResult(request, { errors: [toGraphQLError(error)] }, settings);
      for (const code of codesOf(result)) errorCodes.add(code);
      yield result;
    } finally {
      request.signal.removeEventListener('abort', end);
      clearTimeout(expiry);
      leave();
      settings.ended(request, { events: count, errorCodes: [...errorCodes] });
    }
  }
}

interface Run {
  readonly args: ExecutionArgs;
  readonly request: Request;
  readonly signal: AbortSignal;
  readonly end: () => void;
}

function tooMany(): GraphQLError {
  const extensions = { code: 'TOO_MANY_SUBSCRIPTIONS', http: { status: 503, headers: { 'retry-after': '5' } } };
  return new GraphQLError('This server has no place for another subscription at the moment.', { extensions });
}

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error('A value that is not an Error was thrown.');
  return new GraphQLError(originalError.message, { originalError });
}
