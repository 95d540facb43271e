import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

const milliseconds = wholeNumber.min(1).max(3_600_000);
const count = wholeNumber.min(1).max(1_000_000);

/** Every limit of a source, once: its range, what it means, and its default. */
export const httpLimits = {
  attemptTimeoutMs: milliseconds
    .describe('Maximum time for one request, from sending it to the last byte of the response.')
    .default(5_000),
  deadlineMs: milliseconds
    .describe(
      'Maximum time for all requests that one operation sends to one source; on the server, for what it asks of the catalog, too.',
    )
    .default(15_000),
  listShareMs: milliseconds
    .describe(
      'How long one page of a list waits for a source. Sessions that arrive later are left out of this page and appear on a following page.',
    )
    .default(4_000),
  retries: wholeNumber.min(0).max(10).describe('Maximum number of retries of one request.').default(2),
  backoffBaseMs: milliseconds
    .describe('Maximum wait before the first retry. It doubles with each further retry.')
    .default(100),
  backoffMaxMs: milliseconds
    .describe('Maximum wait before any retry, unless the platform asks for a longer one.')
    .default(2_000),
  retryRatio: z
    .number()
    .min(0)
    .max(1)
    .describe('Number of retries that each request adds to the retry budget of its source.')
    .default(0.2),
  retryReserve: z
    .number()
    .min(0)
    .max(1_000)
    .describe('Maximum size of the retry budget of a source, which is also its size at the start.')
    .default(10),
  concurrency: count.describe('Maximum number of requests to one source at the same time.').default(16),
  queue: wholeNumber
    .min(0)
    .max(1_000_000)
    .describe('Maximum number of requests that wait for one source. Any further request fails at once.')
    .default(256),
  maxResponseBytes: wholeNumber
    .min(1_024)
    .max(1_073_741_824)
    .describe('Maximum size of a response in bytes. A larger one is an error.')
    .default(32 * 1024 * 1024),
  breakerFailures: count
    .describe('Number of consecutive failures after which the circuit breaker opens: the source gets no requests.')
    .default(5),
  breakerOpenMs: milliseconds
    .describe('How long the circuit breaker stays open before one request tests the source again.')
    .default(5_000),
};

const limits = z.object(httpLimits);

export type HttpLimits = Readonly<z.output<typeof limits>>;

export const defaultHttpLimits: HttpLimits = limits.parse({});
