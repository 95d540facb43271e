import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay';
import type { newerSessions_query$key } from '#relay/newerSessions_query.graphql.ts';
import type { newerSessionsPaginationQuery } from '#relay/newerSessionsPaginationQuery.graphql.ts';
import type { OrderField } from './filters.ts';
import { Outcomes } from './outcomes.tsx';
import { SessionRows } from './session-rows.tsx';

interface Props {
  readonly query: newerSessions_query$key;
  readonly timeOf: OrderField;
}

/** The other half of a list that was opened at a day: walked from that day on, and shown from the bottom up. */
export function NewerSessions({ query, timeOf }: Props): ReactNode {
  const { data, loadNext, hasNext, isLoadingNext } = usePaginationFragment<
    newerSessionsPaginationQuery,
    newerSessions_query$key
  >(
    graphql`
      fragment newerSessions_query on Query
      @refetchable(queryName: "newerSessionsPaginationQuery")
      @argumentDefinitions(
        count: { type: "Int", defaultValue: 3 }
        cursor: { type: "String" }
        newerFilter: { type: "SessionFilter" }
        newerOrderBy: { type: "SessionOrder" }
      ) {
        newer: sessions(first: $count, after: $cursor, filter: $newerFilter, orderBy: $newerOrderBy)
          @connection(key: "newerSessions_newer") {
          edges {
            node { id }
            ...sessionRows_edges
          }
          outcomes { ...outcomes_outcomes }
        }
      }
    `,
    query,
  );
  if (data.newer === null || data.newer === undefined) return null;
  const more = (): void => void loadNext(25);
  return (
    <section aria-label="Newer sessions" className="newer">
      <div className="end">
        {hasNext ? (
          <button type="button" className="button" disabled={isLoadingNext} onClick={more}>
            {isLoadingNext ? 'Loading…' : 'Show newer sessions'}
          </button>
        ) : (
          <span>No newer sessions</span>
        )}
      </div>
      <Outcomes outcomes={data.newer.outcomes} isTrying={isLoadingNext} onRetry={more} />
      <ol className="rows">
        <SessionRows edges={data.newer.edges} timeOf={timeOf} reversed />
      </ol>
    </section>
  );
}
