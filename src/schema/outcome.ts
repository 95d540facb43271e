import type { OutcomeError as OutcomeErrorShape, SourceOutcome as SourceOutcomeShape } from '../connections/outcome.ts';
import { sourceOf } from '../entities/source-of.ts';
import { builder } from './builder.ts';
import { Source } from './refs.ts';
import { SourceErrorCode } from './source-error-code.ts';

const OutcomeStatus = builder.enumType('OutcomeStatus', {
  description: 'How much of a source is in a page.',
  values: {
    COMPLETE: { description: 'Everything that belongs on the page.' },
    PARTIAL: { description: 'Something may be missing; `error` says why.' },
    STALE: {
      description: 'Items from answers that were kept, because the source is failing. `ageMs` says how old they are.',
    },
    FAILED: {
      description: 'Nothing: the source could not be read. The next page tries it again from the same position.',
    },
    UNSUPPORTED: { description: 'Nothing: the source does not support this query.' },
  } as const,
});

const OutcomeError = builder.objectRef<OutcomeErrorShape>('OutcomeError').implement({
  description: 'Why a page lacks all or some items of a source.',
  fields: (t) => ({
    code: t.expose('code', { type: SourceErrorCode, description: 'The reason, for programs to act on.' }),
    message: t.exposeString('message', { description: 'The reason, for people to read.' }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same query may succeed if it is repeated a little later.',
    }),
  }),
});

export const SourceOutcome = builder.objectRef<SourceOutcomeShape>('SourceOutcome').implement({
  description: 'How reading one source for one page went. A source that fails does not fail the page.',
  fields: (t) => ({
    source: t.field({
      type: Source,
      description: 'The source.',
      resolve: (outcome, _args, context) => sourceOf(outcome, context),
    }),
    status: t.expose('status', { type: OutcomeStatus, description: 'How much of the source is in the page.' }),
    ageMs: t.exposeInt('ageMs', {
      nullable: true,
      description:
        'The age of the oldest answer of the source in the page, in milliseconds, when it is `STALE`; else null.',
    }),
    error: t.expose('error', {
      type: OutcomeError,
      nullable: true,
      description: 'Why something may be missing. Null when nothing is missing.',
    }),
    scanned: t.exposeInt('scanned', { description: 'The number of rows that the platform sent for this page.' }),
    totalCount: t.int({
      nullable: true,
      description:
        'The number of items of the whole list that belong to this source. It is exact; null when it is not known.',
      resolve: (outcome) => outcome.totalCount(),
    }),
  }),
});
