import type { ReactNode } from 'react';
import { fetchQuery, graphql, useLazyLoadQuery, useRelayEnvironment } from 'react-relay';
import type { needsMePageCountQuery } from '#relay/needsMePageCountQuery.graphql.ts';
import type { needsMePageQuery } from '#relay/needsMePageQuery.graphql.ts';
import { Answer, send } from './answer.tsx';
import { toVariables } from './filters.ts';
import { useInterval } from './interval.ts';
import type { Prepare } from './router.tsx';
import { SessionList } from './session-list.tsx';

const needsMePage = graphql`
  query needsMePageQuery($filter: SessionFilter, $orderBy: SessionOrder) {
    sources { name capabilities { statuses } }
    ...sessionList_query
  }
`;

const variables = toVariables(new URL('http://localhost/?status=waiting&order=active'));

const empty = (
  <>
    <h2>Nothing waits for you</h2>
    <p>No session of the sources that were read waits for a person.</p>
    <a href="/" className="button">
      See all sessions
    </a>
  </>
);

export const prepareNeedsMe: Prepare = (_url, fetchPolicy) => {
  const { filter, orderBy } = variables;
  const list = send<needsMePageQuery>(needsMePage, { filter, orderBy }, fetchPolicy);
  return {
    title: 'Needs me',
    sent: [list],
    element: (
      <>
        <header className="bar">
          <h1 tabIndex={-1}>
            Needs me <NeedsMeCount />
          </h1>
          <p className="line">Sessions on all platforms that wait for a person, the last active first.</p>
        </header>
        <Answer to={list} what="sessions">
          {(data) => {
            const silent = data.sources.filter(({ capabilities }) => !capabilities.statuses.includes('WAITING'));
            const names = new Intl.ListFormat('en').format(silent.map(({ name }) => name));
            return (
              <>
                {silent.length > 0 && <p className="aside">{names} cannot say whether a session waits.</p>}
                <SessionList query={data} variables={variables} empty={empty} />
              </>
            );
          }}
        </Answer>
      </>
    ),
  };
};

const needsMeCount = graphql`
  query needsMePageCountQuery {
    catalog {
      sessions(first: 0, filter: { statuses: [WAITING] }) { totalCount precision }
    }
  }
`;

/** How many sessions wait. With a plus when there may be more: a source is not completely in the catalog. */
export function NeedsMeCount(): ReactNode {
  const environment = useRelayEnvironment();
  const { catalog } = useLazyLoadQuery<needsMePageCountQuery>(needsMeCount, {});
  useInterval(() => {
    // What fails is shown with the list; the number from before stays.
    fetchQuery<needsMePageCountQuery>(environment, needsMeCount, {}).subscribe({ error: () => undefined });
  }, 60_000);
  if (!catalog?.sessions) return null;
  const { totalCount, precision } = catalog.sessions;
  const isExact = precision === 'EXACT';
  return (
    <span className="badge" title={isExact ? undefined : 'At least: the catalog does not have every source in full.'}>
      {totalCount}
      {isExact ? '' : '+'}
    </span>
  );
}
