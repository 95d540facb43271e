import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay';
import type { newerSessions_query$key } from '#relay/newerSessions_query.graphql.ts';
import type { newerSessionsPaginationQuery } from '#relay/newerSessionsPaginationQuery.graphql.ts';
import type { OrderField } from './filters.ts';
import { Outcomes } from './outcomes.tsx';
import { SessionRows } from './session-row.tsx';

interface Props {
  readonly query: newerSessions_query$key;
  readonly timeOf: OrderField;
}

/** The other half of a list that was opened at a day: walked from that day on, and shown from the bottom up. */
export function NewerSessions({ query, timeOf }: Props): ReactNode {
  const list = usePaginationFragment<newerSessionsPaginationQuery, newerSessions_query$key>(
    graphql`
      fragment newerSessions_query on Query
      @refetchable(queryName: "newerSessionsPaginationQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" }) {
        newer: sessions(first: $count, after: $cursor, filter: $newerFilter, orderBy: $newerOrderBy)
          @connection(key: "newerSessions_newer")
          @required(action: THROW) {
          edges { node { ...sessionRow_sessions } }
          outcomes { ...outcomes_outcomes }
        }
      }
    `,
    query,
  );
  const { data, loadNext, hasNext, isLoadingNext } = list;
  return (
    <section aria-label="Newer sessions" className="newer">
      <div className="end">
        {hasNext ? (
          <button type="button" className="button" disabled={isLoadingNext} onClick={() => loadNext(25)}>
            {isLoadingNext ? 'Loading…' : 'Show newer sessions'}
          </button>
        ) : (
          'No newer sessions'
        )}
      </div>
      <Outcomes outcomes={data.newer.outcomes} />
      <ol className="rows">
        <SessionRows sessions={data.newer.edges.toReversed().map(({ node }) => node)} timeOf={timeOf} />
      </ol>
    </section>
  );
}
