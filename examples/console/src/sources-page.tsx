import { type ReactNode, Suspense } from 'react';
import { graphql, loadQuery, type PreloadedQuery, useFragment, usePreloadedQuery } from 'react-relay';
import type { sourcesPage_source$key } from '#relay/sourcesPage_source.graphql.ts';
import type { sourcesPageQuery } from '#relay/sourcesPageQuery.graphql.ts';
import { environment } from './environment.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { toHref } from './filters.ts';
import { Mark } from './platform.tsx';
import { Link, type Prepare, useRouter } from './router.tsx';
import { SkeletonText } from './skeletons.tsx';
import { Status } from './status.tsx';
import { Time } from './time.tsx';
import { toLabel } from './words.ts';

const sourcesPage = graphql`
  query sourcesPageQuery {
    sources {
      id
      ...sourcesPage_source
    }
  }
`;

export const prepareSources: Prepare = () => {
  const query = loadQuery<sourcesPageQuery>(environment, sourcesPage, {}, { fetchPolicy: 'network-only' });
  return { title: 'Sources', element: <SourcesPage query={query} />, queries: [query] };
};

interface Props {
  readonly query: PreloadedQuery<sourcesPageQuery>;
}

function SourcesPage({ query }: Props): ReactNode {
  const { url, navigate } = useRouter();
  return (
    <>
      <header className="bar">
        <h1 tabIndex={-1}>Sources</h1>
        <p className="line">What this graph reads, how each has answered lately, and what it can do by itself.</p>
      </header>
      <ErrorBoundary what="The sources could not be read" attempt={query} onRetry={() => navigate(url.href, 'replace')}>
        <Suspense fallback={<SkeletonText what="sources" />}>
          <Sources query={query} />
        </Suspense>
      </ErrorBoundary>
    </>
  );
}

function Sources({ query }: Props): ReactNode {
  const { sources } = usePreloadedQuery<sourcesPageQuery>(sourcesPage, query);
  return (
    <>
      <ul className="sources">
        {sources.map((source) => (
          <SourceCard key={source.id} source={source} />
        ))}
      </ul>
      <p className="legend">
        <span className="filter" data-support="NATIVE">
          the platform filters
        </span>
        <span className="filter" data-support="LOCAL">
          the graph reads sessions and filters them
        </span>
        <span className="filter" data-support="NEVER">
          the platform has no such thing, so nothing matches
        </span>
      </p>
    </>
  );
}

const supports: Readonly<Record<string, string>> = {
  NATIVE: 'by the platform',
  LOCAL: 'by the graph',
  NEVER: 'never matches',
};

const readers: Readonly<Record<string, string>> = {
  SERVER: 'everybody’s sessions',
  CALLER: 'what your own credential shows',
  VIEWER: 'only your sessions, as',
  USER: 'only the sessions of',
};

function SourceCard({ source }: { readonly source: sourcesPage_source$key }): ReactNode {
  const { slug, name, provider, readAs, readAsUser, health, capabilities } = useFragment(
    graphql`
      fragment sourcesPage_source on Source {
        slug name provider readAs
        readAsUser { id }
        health { state lastErrorCode since }
        capabilities {
          kinds statuses orders total
          filters { filter support }
        }
      }
    `,
    source,
  );
  return (
    <li className="source">
      <header>
        <Mark provider={provider} />
        <h2>
          <Link href={toHref({ sources: [slug] })}>{name}</Link>
        </h2>
        <small>{toLabel(provider)}</small>
        <span className="health" data-health={health.state}>
          {toLabel(health.state)}
        </span>
      </header>
      <p className="line">
        {health.since === null || health.since === undefined ? (
          'Not asked yet'
        ) : (
          <>
            {health.state === 'UP' ? 'Answers since' : 'Failing since'} <Time at={health.since} />
          </>
        )}
        {health.lastErrorCode && (
          <>
            {' · last failure '}
            <code>{health.lastErrorCode}</code>
          </>
        )}
      </p>
      <dl className="facts">
        <div>
          <dt>Shows</dt>
          <dd>
            {readers[readAs]} {readAsUser?.id}
          </dd>
        </div>
        <div>
          <dt>Statuses</dt>
          <dd className="tags">
            {capabilities.statuses.map((status) => (
              <Status key={status} status={status} />
            ))}
          </dd>
        </div>
        <div>
          <dt>Runs</dt>
          <dd>{capabilities.kinds.map((kind) => `${toLabel(kind)}s`.toLowerCase()).join(', ')}</dd>
        </div>
        <div>
          <dt>Orders by</dt>
          <dd>{capabilities.orders.map((order) => (order === 'CREATED_AT' ? 'created' : 'last active')).join(', ')}</dd>
        </div>
        <div>
          <dt>Counts</dt>
          <dd>{capabilities.total ? 'its sessions exactly' : 'nothing'}</dd>
        </div>
        <div>
          <dt>Filters</dt>
          <dd className="tags">
            {capabilities.filters.map(({ filter, support }) => (
              <span key={filter} className="filter" data-support={support} title={supports[support]}>
                {filter === 'CREATED_AT' ? 'Created' : filter === 'UPDATED_AT' ? 'Last active' : toLabel(filter)}
                <span className="hidden"> ({supports[support]})</span>
              </span>
            ))}
          </dd>
        </div>
      </dl>
    </li>
  );
}
