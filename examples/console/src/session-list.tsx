import { type ReactNode, useEffect, useEffectEvent, useRef, useState, useTransition } from 'react';
import { graphql, usePaginationFragment } from 'react-relay';
import type { sessionList_query$key } from '#relay/sessionList_query.graphql.ts';
import type { sessionListPaginationQuery } from '#relay/sessionListPaginationQuery.graphql.ts';
import type { ListVariables } from './filters.ts';
import { NewSessions } from './new-sessions.tsx';
import { Outcomes } from './outcomes.tsx';
import { SessionRows } from './session-rows.tsx';
import { plural } from './words.ts';

interface Props {
  readonly query: sessionList_query$key;
  readonly variables: ListVariables;
  readonly empty: ReactNode;
  /** Above the first row: what is newer than the day that was jumped to. */
  readonly above?: ReactNode | undefined;
}

const pageSize = 50;

export function SessionList({ query, variables, empty, above }: Props): ReactNode {
  const { data, loadNext, hasNext, isLoadingNext, refetch } = usePaginationFragment<
    sessionListPaginationQuery,
    sessionList_query$key
  >(
    graphql`
      fragment sessionList_query on Query
      @refetchable(queryName: "sessionListPaginationQuery")
      @argumentDefinitions(
        count: { type: "Int", defaultValue: 50 }
        cursor: { type: "String" }
        filter: { type: "SessionFilter" }
        orderBy: { type: "SessionOrder" }
      ) {
        sessions(first: $count, after: $cursor, filter: $filter, orderBy: $orderBy)
          @connection(key: "sessionList_sessions") {
          edges {
            node { createdAt updatedAt }
            ...sessionRows_edges
          }
          pageInfo { hasNextPage }
          outcomes { ...outcomes_outcomes }
          totalCount
        }
      }
    `,
    query,
  );
  const [isTrying, startTrying] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);
  // How many rows there were when the last page was asked for: a page without rows stops the scrolling.
  const [asked, setAsked] = useState<number | null>(null);
  const end = useRef<HTMLDivElement>(null);

  const edges = data.sessions?.edges ?? [];
  const more = (): void => {
    setAsked(edges.length);
    setProblem(null);
    loadNext(pageSize, { onComplete: (error) => setProblem(error?.message ?? null) });
  };
  const isStuck = problem !== null || (asked === edges.length && !isLoadingNext);
  const onEndInSight = useEffectEvent(() => {
    if (hasNext && !isLoadingNext && !isStuck) more();
  });
  // Made anew with each page, because an observer tells only of changes, and a short page leaves the end in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useEffect(() => {
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting && onEndInSight(), {
      rootMargin: '0px 0px 900px 0px',
    });
    if (end.current !== null) observer.observe(end.current);
    return () => observer.disconnect();
  }, [edges.length, isLoadingNext]);

  if (data.sessions === null || data.sessions === undefined) return null;
  const { outcomes, totalCount } = data.sessions;
  const tryAgain = (): void => {
    setAsked(null);
    setProblem(null);
    // Anew from the top, as many as are shown: what had been missing appears where it belongs.
    window.scrollTo(0, 0);
    startTrying(() => {
      const count = Math.min(Math.max(edges.length, pageSize), 100);
      refetch(
        { count, cursor: null },
        { fetchPolicy: 'network-only', onComplete: (error) => setProblem(error?.message ?? null) },
      );
    });
  };
  const newest = edges[0]?.node;
  const timeOf = variables.orderBy.field;
  return (
    <>
      <Outcomes outcomes={outcomes} isTrying={isTrying} onRetry={tryAgain} />
      {above}
      <div className="row columns" aria-hidden="true">
        <span>Status</span>
        <span>
          Session
          <b className="count">{typeof totalCount === 'number' && plural(totalCount, 'session')}</b>
        </span>
        <span>Agent, team or workflow</span>
        <span>User</span>
        <span>Source</span>
        <span>{timeOf === 'CREATED_AT' ? 'Created' : 'Active'}</span>
      </div>
      {!above && <NewSessions variables={variables} newest={newest ?? null} />}
      {edges.length === 0 && !hasNext ? (
        <div className="empty">{empty}</div>
      ) : (
        <ol className="rows" aria-label="Sessions" aria-busy={isLoadingNext || isTrying}>
          <SessionRows edges={edges} timeOf={timeOf} />
        </ol>
      )}
      <div ref={end} className="end">
        {problem !== null && <p role="alert">{problem}</p>}
        {hasNext && !isLoadingNext && (
          <button type="button" className="button" onClick={more}>
            {problem === null ? 'Show more' : 'Try again'}
          </button>
        )}
        {isLoadingNext && <span className="loading">Loading more sessions…</span>}
        {!hasNext && edges.length > 0 && <span>No more sessions</span>}
      </div>
    </>
  );
}
