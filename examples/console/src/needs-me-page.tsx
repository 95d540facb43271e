import { type ReactNode, Suspense } from 'react';
import { graphql, loadQuery, type PreloadedQuery, usePreloadedQuery } from 'react-relay';
import type { needsMePageQuery } from '#relay/needsMePageQuery.graphql.ts';
import { environment } from './environment.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { readFilters, toHref, toVariables } from './filters.ts';
import { NeedsMeCount } from './needs-me-count.tsx';
import { Link, type Prepare, useRouter } from './router.tsx';
import { SessionList } from './session-list.tsx';
import { SkeletonRows } from './skeletons.tsx';

const needsMePage = graphql`
  query needsMePageQuery($filter: SessionFilter, $orderBy: SessionOrder) {
    sources { name capabilities { statuses } }
    ...sessionList_query @arguments(filter: $filter, orderBy: $orderBy)
  }
`;

const variables = toVariables({
  ...readFilters(new URL('http://localhost/')),
  statuses: ['WAITING'],
  order: 'UPDATED_AT',
});

export const prepareNeedsMe: Prepare = (_url, visit) => {
  const { filter, orderBy } = variables;
  const query = loadQuery<needsMePageQuery>(
    environment,
    needsMePage,
    { filter, orderBy },
    { fetchPolicy: visit === 'visit' ? 'network-only' : 'store-or-network' },
  );
  return { title: 'Needs me', element: <NeedsMePage query={query} />, queries: [query] };
};

interface Props {
  readonly query: PreloadedQuery<needsMePageQuery>;
}

function NeedsMePage({ query }: Props): ReactNode {
  const { url, navigate } = useRouter();
  return (
    <>
      <header className="bar">
        <h1 tabIndex={-1}>
          Needs me <NeedsMeCount />
        </h1>
        <p className="line">Sessions on all platforms that wait for a person, the last active first.</p>
      </header>
      <ErrorBoundary what="No session could be read" attempt={query} onRetry={() => navigate(url.href, 'replace')}>
        <Suspense fallback={<SkeletonRows />}>
          <Waiting query={query} />
        </Suspense>
      </ErrorBoundary>
    </>
  );
}

function Waiting({ query }: Props): ReactNode {
  const data = usePreloadedQuery<needsMePageQuery>(needsMePage, query);
  const empty = (
    <>
      <h2>Nothing waits for you</h2>
      <p>No session of the sources that were read waits for a person.</p>
      <Link href={toHref({})} className="button">
        See all sessions
      </Link>
    </>
  );
  const silent = data.sources.filter(({ capabilities }) => !capabilities.statuses.includes('WAITING'));
  return (
    <>
      {silent.length > 0 && (
        <p className="aside">
          {new Intl.ListFormat('en').format(silent.map(({ name }) => name))} cannot say whether a session waits.
        </p>
      )}
      <SessionList query={data} variables={variables} empty={empty} />
    </>
  );
}
