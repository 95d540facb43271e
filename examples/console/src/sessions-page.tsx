import { type ReactNode, Suspense } from 'react';
import { graphql, loadQuery, type PreloadedQuery, usePreloadedQuery } from 'react-relay';
import type { sessionsPageQuery } from '#relay/sessionsPageQuery.graphql.ts';
import { environment } from './environment.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, type ListVariables, readFilters, toHref, toVariables } from './filters.ts';
import { NewerSessions } from './newer-sessions.tsx';
import { Link, type Prepare, useRouter } from './router.tsx';
import { SessionList } from './session-list.tsx';
import { SkeletonRows } from './skeletons.tsx';

const sessionsPage = graphql`
  query sessionsPageQuery(
    $filter: SessionFilter
    $orderBy: SessionOrder
    $newerFilter: SessionFilter
    $newerOrderBy: SessionOrder
    $jumped: Boolean!
  ) {
    ...sessionList_query @arguments(filter: $filter, orderBy: $orderBy)
    ...newerSessions_query
      @include(if: $jumped)
      @alias(as: "newer")
      @arguments(newerFilter: $newerFilter, newerOrderBy: $newerOrderBy)
  }
`;

export const prepareSessions: Prepare = (url, visit) => {
  const filters = readFilters(url);
  const variables = toVariables(filters);
  const query = loadQuery<sessionsPageQuery>(environment, sessionsPage, variables, {
    fetchPolicy: visit === 'visit' ? 'network-only' : 'store-or-network',
  });
  return {
    title: 'Sessions',
    element: <SessionsPage query={query} filters={filters} variables={variables} />,
    queries: [query],
  };
};

interface Props {
  readonly query: PreloadedQuery<sessionsPageQuery>;
  readonly filters: Filters;
  readonly variables: ListVariables;
}

function SessionsPage({ query, filters, variables }: Props): ReactNode {
  const { url, isPending, navigate } = useRouter();
  return (
    <>
      <FilterBar />
      <div className="list" data-pending={isPending}>
        <ErrorBoundary what="No session could be read" attempt={query} onRetry={() => navigate(url.href, 'replace')}>
          <Suspense fallback={<SkeletonRows />}>
            <List query={query} filters={filters} variables={variables} />
          </Suspense>
        </ErrorBoundary>
      </div>
    </>
  );
}

function List({ query, filters, variables }: Props): ReactNode {
  const data = usePreloadedQuery<sessionsPageQuery>(sessionsPage, query);
  const above = data.newer && <NewerSessions query={data.newer} timeOf={filters.order} />;
  const empty = (
    <>
      <h2>No session matches</h2>
      <p>Nothing in the sources that were read fits these filters.</p>
      <Link href={toHref({ order: filters.order })} className="button">
        Remove all filters
      </Link>
    </>
  );
  return <SessionList query={data} variables={variables} empty={empty} above={above} />;
}
