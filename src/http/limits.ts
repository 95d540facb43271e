export interface HttpLimits {
  /** From sending one request to the last byte of its answer. */
  readonly attemptTimeoutMs: number;
  /** For all of an operation: whoever makes an HttpCall turns it into the call's deadline. */
  readonly deadlineMs: number;
  /** How long one page of a list waits for the source, over all its reads. */
  readonly listShareMs: number;
  /** Further attempts after the first. */
  readonly retries: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** Retries earned by each request, and how many can be saved up (a new source begins with as many). */
  readonly retryRatio: number;
  readonly retryReserve: number;
  /** Requests to the source at a time, and how many more may wait for their turn. */
  readonly concurrency: number;
  readonly queue: number;
  readonly maxResponseBytes: number;
  /** Failures in a row that open the circuit breaker, and how long it stays open before a probe. */
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  attemptTimeoutMs: 5_000,
  deadlineMs: 15_000,
  listShareMs: 4_000,
  retries: 2,
  backoffBaseMs: 100,
  backoffMaxMs: 2_000,
  retryRatio: 0.2,
  retryReserve: 10,
  concurrency: 16,
  queue: 256,
  maxResponseBytes: 32 * 1024 * 1024,
  breakerFailures: 5,
  breakerOpenMs: 5_000,
};
