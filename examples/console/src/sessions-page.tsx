import type { ReactNode } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { filterBarQuery } from '#relay/filterBarQuery.graphql.ts';
import type { sessionsPageQuery } from '#relay/sessionsPageQuery.graphql.ts';
import { Answer, send } from './answer.tsx';
import { FilterBar, filterBar } from './filter-bar.tsx';
import { type ListVariables, toVariables } from './filters.ts';
import { FoundSessions } from './found-sessions.tsx';
import { NewerSessions } from './newer-sessions.tsx';
import type { Prepare } from './router.tsx';
import { SessionList } from './session-list.tsx';

const sessionsPage = graphql`
  query sessionsPageQuery(
    $filter: SessionFilter
    $orderBy: SessionOrder
    $newerFilter: SessionFilter
    $newerOrderBy: SessionOrder
    $jumped: Boolean!
    $searching: Boolean!
    $search: String
    $foundFilter: SessionFilter
    $foundOrderBy: CatalogOrder
  ) {
    ...foundSessions_query @include(if: $searching) @alias(as: "found")
    ... @skip(if: $searching) {
      ...sessionList_query @alias(as: "live")
      ...newerSessions_query @include(if: $jumped) @alias(as: "newer")
    }
  }
`;

const empty = (
  <>
    <h2>No session matches</h2>
    <p>Nothing in the sources that were read fits these filters.</p>
    <a href="/" className="button">
      Remove all filters
    </a>
  </>
);

export const prepareSessions: Prepare = (url, fetchPolicy) => {
  const variables = toVariables(url);
  const choices = send<filterBarQuery>(filterBar, variables.counted, fetchPolicy);
  const list = send<sessionsPageQuery>(sessionsPage, variables, fetchPolicy);
  return {
    title: 'Sessions',
    sent: [choices, list],
    element: (
      <>
        <FilterBar choices={choices} />
        <Answer to={list} what="sessions">
          {(data) => <List data={data} variables={variables} />}
        </Answer>
      </>
    ),
  };
};

interface ListProps {
  readonly data: sessionsPageQuery['response'];
  readonly variables: ListVariables;
}

function List({ data: { found, live, newer }, variables }: ListProps): ReactNode {
  const shared = { variables, empty };
  if (found) return <FoundSessions query={found} {...shared} instead={<LiveSearch variables={variables} />} />;
  const above = newer && <NewerSessions query={newer} timeOf={variables.orderBy.field} />;
  return live && <SessionList query={live} {...shared} above={above} />;
}

/** Without a catalog the platforms are searched. */
function LiveSearch({ variables }: Pick<ListProps, 'variables'>): ReactNode {
  const data = useLazyLoadQuery<sessionsPageQuery>(sessionsPage, { ...variables, searching: false });
  return <List data={data} variables={variables} />;
}
