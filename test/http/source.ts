import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { HttpAuth } from '../../src/http/auth.ts';
import { createHttpSource, type HttpSource } from '../../src/http/client.ts';
import type { HttpCall } from '../../src/http/http-call.ts';
import { defaultHttpLimits, type HttpLimits } from '../../src/http/limits.ts';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import type { SourceSharing } from '../../src/http/sharing.ts';

export const anything = z.unknown();

/** Backs off for no time at all, so that a test of what is retried need not wait. */
export function startSource(
  url: string,
  options: {
    readonly auth?: HttpAuth;
    readonly limits?: Partial<HttpLimits>;
    readonly sharing?: SourceSharing | null;
    readonly now?: () => number;
  } = {},
): HttpSource {
  const { auth = { kind: 'none' }, limits = {}, sharing = null, now = () => performance.now() } = options;
  const source = createHttpSource({
    sourceId: 'test',
    url,
    auth,
    limits: { ...defaultHttpLimits, attemptTimeoutMs: 900_000, ...limits },
    sharing,
    now,
    random: () => 0,
  });
  onTestFinished(() => source.close());
  return source;
}

export function createCall(parts: Partial<HttpCall> = {}): HttpCall {
  return {
    user: null,
    identity: { headers: {}, query: {} },
    forwarded: {},
    requestId: 'request-1',
    signal: new AbortController().signal,
    deadline: performance.now() + 900_000,
    budget: createRequestBudget(),
    fresh: false,
    observer: null,
    ...parts,
  };
}

/** The UpstreamError the promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  const result = await promise.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
  if (result instanceof UpstreamError) return result;
  throw new Error('This was not an UpstreamError.', { cause: result });
}

export interface TestClock {
  now(): number;
  advance(ms: number): void;
}

export function createClock(): TestClock {
  let time = 1_000;
  return {
    now: () => time,
    advance(ms) {
      time += ms;
    },
  };
}
