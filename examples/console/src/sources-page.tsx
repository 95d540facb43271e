import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { sourcesPage_source$key } from '#relay/sourcesPage_source.graphql.ts';
import type { sourcesPageQuery } from '#relay/sourcesPageQuery.graphql.ts';
import { Answer, send } from './answer.tsx';
import { Facts } from './facts.tsx';
import { narrowedTo } from './filters.ts';
import { Mark } from './platform.tsx';
import type { Prepare } from './router.tsx';
import { Status } from './status.tsx';
import { Time } from './time.tsx';
import { toLabel } from './words.ts';

const sourcesPage = graphql`
  query sourcesPageQuery {
    sources { id ...sourcesPage_source }
  }
`;

const supports: Readonly<Record<string, string>> = {
  NATIVE: 'the platform filters',
  LOCAL: 'the graph reads sessions and filters them',
  NEVER: 'the platform has no such thing, so nothing matches',
};

const readers: Readonly<Record<string, string>> = {
  SERVER: 'everybody’s sessions',
  CALLER: 'what your own credential shows',
  VIEWER: 'only your sessions, as',
  USER: 'only the sessions of',
};

export const prepareSources: Prepare = () => {
  const answer = send<sourcesPageQuery>(sourcesPage, {});
  return {
    title: 'Sources',
    sent: [answer],
    element: (
      <>
        <header className="bar">
          <h1 tabIndex={-1}>Sources</h1>
          <p className="line">What this graph reads, how each has answered lately, and what it can do by itself.</p>
        </header>
        <Answer to={answer} what="sources">
          {({ sources }) => (
            <ul className="sources">
              {sources.map((source) => (
                <Source key={source.id} source={source} />
              ))}
            </ul>
          )}
        </Answer>
        <p className="legend">
          {Object.entries(supports).map(([support, words]) => (
            <span key={support} className="filter" data-support={support}>
              {words}
            </span>
          ))}
        </p>
      </>
    ),
  };
};

function Source({ source }: { readonly source: sourcesPage_source$key }): ReactNode {
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
  const filters = capabilities.filters.map(({ filter, support }) => (
    <span key={filter} className="filter" data-support={support} title={supports[support]}>
      {toLabel(filter)}
      <span className="hidden"> ({supports[support]})</span>
    </span>
  ));
  return (
    <li className="source">
      <header>
        <Mark provider={provider} />
        <h2>
          <a href={narrowedTo('source', slug)}>{name}</a>
        </h2>
        <small>{toLabel(provider)}</small>
        <Status status={health.state} />
      </header>
      <p className="line">
        {health.since ? (health.state === 'UP' ? 'Answers since ' : 'Failing since ') : 'Not asked yet'}
        {health.since && <Time at={health.since} />}
        {health.lastErrorCode && (
          <span>
            last failure <code>{health.lastErrorCode}</code>
          </span>
        )}
      </p>
      <Facts
        facts={[
          ['Shows', `${readers[readAs]} ${readAsUser?.id ?? ''}`],
          [
            'Statuses',
            <div key="" className="tags">
              {capabilities.statuses.map((status) => (
                <Status key={status} status={status} />
              ))}
            </div>,
          ],
          ['Runs', capabilities.kinds.map((kind) => `${toLabel(kind)}s`.toLowerCase()).join(', ')],
          ['Orders by', capabilities.orders.map((order) => toLabel(order).toLowerCase()).join(', ')],
          ['Counts', capabilities.total ? 'its sessions exactly' : 'nothing'],
          [
            'Filters',
            <div key="" className="tags">
              {filters}
            </div>,
          ],
        ]}
      />
    </li>
  );
}
