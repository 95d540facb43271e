import { z } from 'zod';
import { defaultHttpLimits } from '../http/limits.ts';
import { settings } from './settings.ts';

const milliseconds = z.int().min(1).max(3_600_000);
const count = z.int().min(1).max(1_000_000);

const own = {
  attemptTimeoutMs: milliseconds.describe(
    'How long one request may take, from sending it to the last byte of its answer.',
  ),
  deadlineMs: milliseconds.describe('How long all requests of one operation to a source may take together.'),
  listShareMs: milliseconds.describe(
    'How long one page of a list waits for the source. What comes later is missing from the page and follows on the next ones.',
  ),
  retries: z.int().min(0).max(10).describe('Further attempts after the first.'),
  backoffBaseMs: milliseconds.describe('Up to how long the first retry waits; doubled for each further one.'),
  backoffMaxMs: milliseconds.describe('The longest wait before a retry, unless the platform asks for more.'),
  retryRatio: z.number().min(0).max(1).describe('How many retries each request earns its source.'),
  retryReserve: z
    .number()
    .min(0)
    .max(1_000)
    .describe('How many earned retries can be saved up; a source begins with as many.'),
  concurrency: count.describe('Requests to a source at a time.'),
  queue: z.int().min(0).max(1_000_000).describe('Requests that may wait for their turn; more fail at once.'),
  maxResponseBytes: z
    .int()
    .min(1_024)
    .max(1_073_741_824)
    .describe('The largest answer that is read; larger ones are broken off.'),
  breakerFailures: count.describe('Failures in a row after which a source is not asked for a while.'),
  breakerOpenMs: milliseconds.describe('For how long it is then not asked.'),
};

/** For all sources. */
export const httpLimits = settings({
  attemptTimeoutMs: own.attemptTimeoutMs.default(defaultHttpLimits.attemptTimeoutMs),
  deadlineMs: own.deadlineMs.default(defaultHttpLimits.deadlineMs),
  listShareMs: own.listShareMs.default(defaultHttpLimits.listShareMs),
  retries: own.retries.default(defaultHttpLimits.retries),
  backoffBaseMs: own.backoffBaseMs.default(defaultHttpLimits.backoffBaseMs),
  backoffMaxMs: own.backoffMaxMs.default(defaultHttpLimits.backoffMaxMs),
  retryRatio: own.retryRatio.default(defaultHttpLimits.retryRatio),
  retryReserve: own.retryReserve.default(defaultHttpLimits.retryReserve),
  concurrency: own.concurrency.default(defaultHttpLimits.concurrency),
  queue: own.queue.default(defaultHttpLimits.queue),
  maxResponseBytes: own.maxResponseBytes.default(defaultHttpLimits.maxResponseBytes),
  breakerFailures: own.breakerFailures.default(defaultHttpLimits.breakerFailures),
  breakerOpenMs: own.breakerOpenMs.default(defaultHttpLimits.breakerOpenMs),
});

/** What one source has instead. */
export const ownHttpLimits = settings(own).partial();
