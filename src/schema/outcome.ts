import type { OutcomeError as OutcomeErrorShape, SourceOutcome as SourceOutcomeShape } from '../connections/outcome.ts';
import { sourceOf } from '../entities/source-of.ts';
import { builder } from './builder.ts';
import { Source } from './refs.ts';
import { SourceErrorCode } from './source-error-code.ts';

const OutcomeStatus = builder.enumType('OutcomeStatus', {
  description: 'How much of a source is in a page.',
  values: {
    COMPLETE: { description: 'All that belongs into the page.' },
    PARTIAL: { description: 'Something may be missing; `error` says why.' },
    FAILED: { description: 'Nothing: the source could not be read. The cursors of the page go on where it was left.' },
    UNSUPPORTED: { description: 'Nothing: the source cannot do what was asked.' },
  } as const,
});

const OutcomeError = builder.objectRef<OutcomeErrorShape>('OutcomeError').implement({
  description: 'Why a source is not, or not fully, in a page.',
  fields: (t) => ({
    code: t.expose('code', { type: SourceErrorCode, description: 'The reason, for programs.' }),
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
