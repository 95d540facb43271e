import { z } from 'zod';
import { httpLimits } from '../http/limits.ts';
import { defaultRequestLimit } from '../http/request-budget.ts';
import { settings } from './settings.ts';

const count = z.int().min(1).max(1_000_000);

export const limits = settings({
  http: settings(httpLimits).prefault({}).describe('How sources are asked; each source can have its own in `limits`.'),
  upstreamRequests: count
    .default(defaultRequestLimit)
    .describe('Maximum number of requests that one operation may send to one source.'),
  paging: settings({
    scanRows: count
      .default(2_000)
      .describe('Rows read of one source for one page, when a filter or an order is applied here.'),
    concurrentReads: count
      .default(16)
      .describe('Maximum number of lists of one source that are read at a time for one page.'),
  })
    .prefault({})
    .describe('How far lists are read.'),
  query: settings({
    depth: count.default(16).describe('How deep the fields of a query may be nested.'),
    aliases: count
      .default(50)
      .describe('How many fields of a query may have an alias, fragments counted where they are used.'),
    tokens: count.default(4_000).describe('How many words and signs a query may have.'),
    cost: count
      .default(5_000)
      .describe(
        'How much a query may cost: an object 1, a connection 10, and what is below a connection times its `first` or `last` (20 when not given), below a list of ids times their number, below any other list times 5.',
      ),
    bodyBytes: z.int().min(1_024).max(104_857_600).default(262_144).describe('The largest request that is read.'),
    requestsPerMinute: count
      .default(1_200)
      .describe('Requests of one viewer. Anonymous callers are not told apart and not counted.'),
  })
    .prefault({})
    .describe('What a single request may ask for.'),
});
