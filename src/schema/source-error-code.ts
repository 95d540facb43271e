import type { OutcomeError } from '../connections/outcome.ts';
import { builder } from './builder.ts';

const codes: Readonly<Record<OutcomeError['code'], { readonly description: string }>> = {
  UPSTREAM_TIMEOUT: { description: 'The platform did not answer in time.' },
  UPSTREAM_UNAVAILABLE: { description: 'The platform could not be reached, or answered with a server error.' },
  UPSTREAM_RATE_LIMITED: { description: 'The platform asked this server to send fewer requests.' },
  UPSTREAM_UNAUTHENTICATED: { description: 'The platform did not accept the credential.' },
  UPSTREAM_FORBIDDEN: { description: 'The platform does not allow this.' },
  UPSTREAM_BAD_RESPONSE: { description: 'The answer of the platform could not be read.' },
  UPSTREAM_REJECTED: { description: 'The platform rejected the request.' },
  UPSTREAM_NOT_FOUND: {
    description: 'The platform does not have a list that it should have. The configured URL is probably wrong.',
  },
  UPSTREAM_UNSAFE_ID: {
    description:
      'The id contains a slash or `..`, so the platform was not asked for it: in a URL it could name something else.',
  },
  UPSTREAM_BUDGET_EXCEEDED: { description: 'The operation has used up the requests that it may send to platforms.' },
  SCAN_BUDGET_EXCEEDED: {
    description:
      'This server evaluates the filter, and reached the maximum number of rows that it reads for one page. Continue from the cursor of the page.',
  },
  TIES_UNSTABLE: {
    description: 'The platform changes the order of its rows between requests, so some may be missing.',
  },
  ROWS_MISSING: {
    description:
      'The platform counts sessions that it does not return, or fails to return some. The others are in the page.',
  },
  ORDER_UNSUPPORTED: {
    description: 'The platform cannot order by this field, and has more sessions than this server sorts.',
  },
  MESSAGES_UNSUPPORTED: { description: 'The sessions of the source have no messages that can be read.' },
};

export const SourceErrorCode = builder.enumType('SourceErrorCode', {
  description:
    'What went wrong with a source. Requests to a platform fail with the codes that begin with `UPSTREAM_`; the others concern one page of a list.',
  values: codes,
});
