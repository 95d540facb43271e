import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { outcomes_outcomes$key } from '#relay/outcomes_outcomes.graphql.ts';
import { reload, useRoute } from './router.tsx';

/** One line, in words, for each source that is not shown in full. Nothing where all is well. */
export function Outcomes({ outcomes }: { readonly outcomes: outcomes_outcomes$key }): ReactNode {
  const { isPending } = useRoute();
  const given = useFragment(
    graphql`
      fragment outcomes_outcomes on SourceOutcome @relay(plural: true) {
        status ageMs
        error { code message }
        source { id name }
      }
    `,
    outcomes,
  );
  const lines = given.filter(({ status }) => status !== 'COMPLETE');
  return (
    <div role="status" className="outcomes">
      {lines.map(({ status, ageMs, error, source }) => (
        <p key={source.id} className="outcome" data-outcome={status}>
          <span>
            <strong>{source.name}</strong> {sentences[status]}{' '}
            {status === 'STALE' && `They are up to ${Math.ceil((ageMs ?? 0) / 1000)} s old. `}
            {error?.message}
          </span>
          {status !== 'UNSUPPORTED' && (
            <button type="button" className="button" disabled={isPending} onClick={reload}>
              {isPending ? 'Trying…' : 'Try again'}
            </button>
          )}
        </p>
      ))}
    </div>
  );
}

const sentences: Readonly<Record<string, string>> = {
  FAILED: 'is missing from what was read last.',
  PARTIAL: 'is not shown in full.',
  STALE: 'does not answer, so its sessions are shown as they were.',
  UNSUPPORTED: 'is left out.',
};
