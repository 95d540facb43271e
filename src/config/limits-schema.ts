import { httpLimits } from '../http/limits.ts';
import { defaultRequestLimit } from '../http/request-budget.ts';
import { wholeNumber } from '../http/whole-number.ts';
import { settings } from './settings.ts';

const count = wholeNumber.min(1).max(1_000_000);

export const limits = settings({
  http: settings(httpLimits)
    .prefault({})
    .describe('Limits on requests to sources. A source can override them in its own `limits`.'),
  upstreamRequests: count
    .default(defaultRequestLimit)
    .describe('Maximum number of requests that one operation may send to one source.'),
  subscriptions: count
    .default(1_000)
    .describe('Maximum number of subscriptions that this process answers at the same time.'),
  paging: settings({
    scanRows: count
      .default(2_000)
      .describe(
        'Maximum number of rows read from one source for one page when this server applies a filter or an order itself.',
      ),
    concurrentReads: count
      .default(16)
      .describe('Maximum number of lists of one source that are read at the same time for one page.'),
  })
    .prefault({})
    .describe('Limits on reading lists.'),
  query: settings({
    depth: count.default(16).describe('Maximum depth of a query.'),
    aliases: count
      .default(50)
      .describe('Maximum number of aliases in a query. Those in a fragment count each time the fragment is used.'),
    tokens: count.default(4_000).describe('Maximum number of tokens in a query.'),
    cost: count
      .default(5_000)
      .describe(
        'Maximum cost of a query. An object costs 1, a connection 10. In the catalog a page costs 200, `totalCount` 100 and each facet 200. What is in a list, and below it, is multiplied: in `edges` and `nodes` by `first` or `last` (20 when neither is given), in the values of a facet by `top`, in a list of ids by their number, in any other by 5.',
      ),
    bodyBytes: wholeNumber
      .min(1_024)
      .max(104_857_600)
      .default(262_144)
      .describe('Maximum size of a request body in bytes.'),
    requestsPerMinute: count
      .default(1_200)
      .describe('Maximum number of requests per minute of one viewer. Requests without a viewer are not limited.'),
  })
    .prefault({})
    .describe('Limits on requests to this server.'),
});
