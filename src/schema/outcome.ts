import type { OutcomeError as OutcomeErrorShape, SourceOutcome as SourceOutcomeShape } from '../connections/outcome.ts';
import { sourceOf } from '../entities/source-of.ts';
import { builder } from './builder.ts';
import { Source } from './refs.ts';

const OutcomeStatus = builder.enumType('OutcomeStatus', {
  description: 'How much of a source is in a page.',
  values: {
    COMPLETE: { description: 'All that belongs into the page.' },
    PARTIAL: { description: 'Something may be missing; `error` says why.' },
    FAILED: { description: 'Nothing: the source could not be read. The cursors of the page go on where it was left.' },
    UNSUPPORTED: { description: 'Nothing: the source cannot do what was asked.' },
  } as const,
});

const errorCodes: Readonly<Record<OutcomeErrorShape['code'], { readonly description: string }>> = {
  UPSTREAM_TIMEOUT: { description: 'The platform did not answer in time.' },
  UPSTREAM_UNAVAILABLE: { description: 'The platform cannot be reached or failed.' },
  UPSTREAM_RATE_LIMITED: { description: 'The platform asks for fewer requests.' },
  UPSTREAM_UNAUTHENTICATED: { description: 'The platform does not accept the credential.' },
  UPSTREAM_FORBIDDEN: { description: 'The platform does not allow this.' },
  UPSTREAM_BAD_RESPONSE: { description: 'The platform gave an answer that cannot be read.' },
  UPSTREAM_REJECTED: { description: 'The platform rejected the request.' },
  UPSTREAM_NOT_FOUND: {
    description: 'The platform does not have a list that it should have: its configured URL looks wrong.',
  },
  UPSTREAM_UNSAFE_ID: {
    description: 'The id has a slash or `..` in it, so the platform is not asked for it: it could name something else.',
  },
  UPSTREAM_BUDGET_EXCEEDED: { description: 'This operation has used up the requests it may send to platforms.' },
  SCAN_BUDGET_EXCEEDED: { description: 'There is more to look through than one page may; go on from its cursor.' },
  TIES_UNSTABLE: { description: 'The platform does not keep its rows in one order, so some may be missing.' },
  ROWS_MISSING: {
    description:
      'The platform counts sessions that it does not show, or fails to show single ones. The others are here.',
  },
  ORDER_UNSUPPORTED: { description: 'The platform cannot order by this, and there is too much to be ordered here.' },
};

const OutcomeErrorCode = builder.enumType('OutcomeErrorCode', {
  description: 'Why a source is not, or not fully, in a page.',
  values: errorCodes,
});

const OutcomeError = builder.objectRef<OutcomeErrorShape>('OutcomeError').implement({
  description: 'Why a source is not, or not fully, in a page.',
  fields: (t) => ({
    code: t.expose('code', { type: OutcomeErrorCode, description: 'The reason, for programs.' }),
    message: t.exposeString('message', { description: 'The reason, for people.' }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether the same query may succeed a little later.' }),
  }),
});

export const SourceOutcome = builder.objectRef<SourceOutcomeShape>('SourceOutcome').implement({
  description: 'What became of one source in one page. A source that fails never fails the page.',
  fields: (t) => ({
    source: t.field({
      type: Source,
      description: 'The source.',
      resolve: (outcome, _args, context) => sourceOf(outcome, context),
    }),
    status: t.expose('status', { type: OutcomeStatus, description: 'How much of it is in the page.' }),
    error: t.expose('error', {
      type: OutcomeError,
      nullable: true,
      description: 'Why something may be missing; null when nothing is.',
    }),
    scanned: t.exposeInt('scanned', { description: 'How many rows its platform sent for this page.' }),
    totalCount: t.int({
      nullable: true,
      description: 'How many of the whole list are of this source. Exact, or null when that is not known.',
      resolve: (outcome) => outcome.totalCount(),
    }),
  }),
});
