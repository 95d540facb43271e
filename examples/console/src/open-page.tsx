import { type ReactNode, Suspense, useEffect, useEffectEvent } from 'react';
import { graphql, loadQuery, type PreloadedQuery, usePreloadedQuery } from 'react-relay';
import type { openPageQuery } from '#relay/openPageQuery.graphql.ts';
import { environment } from './environment.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { toHref } from './filters.ts';
import { Outcomes } from './outcomes.tsx';
import { Link, type Prepared, useRouter } from './router.tsx';
import { SessionRows } from './session-rows.tsx';
import { SkeletonRows } from './skeletons.tsx';

const openPage = graphql`
  query openPageQuery($source: ID!, $nativeId: String!) {
    sessions(first: 10, filter: { sources: [$source], nativeIds: [$nativeId] }) {
      edges {
        node { id }
        ...sessionRows_edges
      }
      outcomes { status ...outcomes_outcomes }
    }
  }
`;

/** Where links of other systems lead, which know a session by the id of its platform. */
export function prepareOpen(source: string, nativeId: string): Prepared {
  const query = loadQuery<openPageQuery>(environment, openPage, { source, nativeId }, { fetchPolicy: 'network-only' });
  return { title: nativeId, element: <OpenPage query={query} nativeId={nativeId} />, queries: [query] };
}

interface Props {
  readonly query: PreloadedQuery<openPageQuery>;
  readonly nativeId: string;
}

function OpenPage({ query, nativeId }: Props): ReactNode {
  const { url, navigate } = useRouter();
  const reload = (): void => navigate(url.href, 'replace');
  return (
    <>
      <header className="bar">
        <h1 tabIndex={-1}>
          <code>{nativeId}</code>
        </h1>
      </header>
      <ErrorBoundary what="The session could not be looked for" attempt={query} onRetry={reload}>
        <Suspense fallback={<SkeletonRows />}>
          <Found query={query} onRetry={reload} />
        </Suspense>
      </ErrorBoundary>
    </>
  );
}

interface FoundProps {
  readonly query: PreloadedQuery<openPageQuery>;
  readonly onRetry: () => void;
}

/** A native id may be unique only within one agent, so there can be several; one is opened at once. */
function Found({ query, onRetry }: FoundProps): ReactNode {
  const { isPending, navigate } = useRouter();
  const { sessions } = usePreloadedQuery<openPageQuery>(openPage, query);
  const { edges = [], outcomes = [] } = sessions ?? {};
  const [first, second] = edges;
  const only = first !== undefined && second === undefined ? first.node.id : null;
  const open = useEffectEvent((id: string) => navigate(`/sessions/${encodeURIComponent(id)}`, 'replace'));
  useEffect(() => {
    if (only !== null) open(only);
  }, [only]);
  if (only !== null) return <SkeletonRows />;
  return (
    <>
      <Outcomes outcomes={outcomes} isTrying={isPending} onRetry={onRetry} />
      {edges.length > 0 ? (
        <ol className="rows" aria-label="Sessions">
          <SessionRows edges={edges} timeOf="CREATED_AT" />
        </ol>
      ) : (
        <div className="empty">
          <h2>No such session</h2>
          <p>
            {outcomes.every(({ status }) => status === 'COMPLETE')
              ? 'This source has no session with this id.'
              : 'It could not be looked for.'}
          </p>
          <Link href={toHref({})} className="button">
            See all sessions
          </Link>
        </div>
      )}
    </>
  );
}
