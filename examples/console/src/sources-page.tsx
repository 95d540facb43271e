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
      </>
    ),
  };
};

function Source({ source }: { readonly source: sourcesPage_source$key }): ReactNode {
  const { slug, name, provider, health, capabilities } = useFragment(
    graphql`
      fragment sourcesPage_source on Source {
        slug name provider
        health { state lastErrorCode since }
        capabilities {
          kinds statuses orders total
          filters { filter support }
        }
      }
    `,
    source,
  );
  const toLabels = (words: readonly string[]): string[] => words.map(toLabel);
  const filters = (wanted: string): string[] =>
    toLabels(capabilities.filters.flatMap(({ filter, support }) => (support === wanted ? filter : [])));
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
          ['Runs', toLabels(capabilities.kinds)],
          ['Statuses', toLabels(capabilities.statuses)],
          ['Orders by', toLabels(capabilities.orders)],
          ['Counts', capabilities.total ? 'its sessions exactly' : 'nothing'],
          ['Filters by', filters('NATIVE')],
          ['Graph filters', filters('LOCAL')],
          ['Never has', filters('NEVER')],
        ]}
      />
    </li>
  );
}
