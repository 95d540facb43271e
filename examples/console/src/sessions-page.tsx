import type { ReactNode } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { filterBarQuery } from '#relay/filterBarQuery.graphql.ts';
import type { sessionsPageFoundQuery } from '#relay/sessionsPageFoundQuery.graphql.ts';
import type { sessionsPageQuery } from '#relay/sessionsPageQuery.graphql.ts';
import { Answer, send } from './answer.tsx';
import { FilterBar, filterBar } from './filter-bar.tsx';
import { type ListVariables, needsMe, toVariables } from './filters.ts';
import { FoundSessions } from './found-sessions.tsx';
import type { FetchPolicy, Prepare } from './router.tsx';
import { SessionList } from './session-list.tsx';

const sessionsPage = graphql`
  query sessionsPageQuery($filter: SessionFilter, $orderBy: SessionOrder) {
    ...sessionList_query
  }
`;

const sessionsPageFound = graphql`
  query sessionsPageFoundQuery($search: String, $filter: SessionFilter, $orderBy: CatalogOrder) {
    ...foundSessions_query
  }
`;

export const prepareSessions: Prepare = (url, fetchPolicy) => {
  const variables = toVariables(url);
  const title = url.pathname + url.search === needsMe ? 'Needs me' : 'Sessions';
  const { agents, teams, workflows } = variables.filter;
  const named = [agents, teams, workflows].flatMap((ids) => ids ?? []);
  const choices = send<filterBarQuery>(filterBar, { ...variables, named }, fetchPolicy);
  const list = (variables.search === null ? prepareList : prepareFound)(variables, fetchPolicy);
  const element = (
    <>
      <FilterBar title={title} choices={choices} />
      {list.element}
    </>
  );
  return { title, sent: [choices, list.sent], element };
};

function prepareList(variables: ListVariables, fetchPolicy: FetchPolicy) {
  const sent = send<sessionsPageQuery>(sessionsPage, variables, fetchPolicy);
  const element = (
    <Answer to={sent} what="sessions">
      {(data) => <SessionList query={data} variables={variables} />}
    </Answer>
  );
  return { sent, element };
}

function prepareFound(variables: ListVariables, fetchPolicy: FetchPolicy) {
  const sent = send<sessionsPageFoundQuery>(sessionsPageFound, variables, fetchPolicy);
  const instead = <SearchedSessions variables={variables} />;
  const element = (
    <Answer to={sent} what="sessions">
      {(data) => <FoundSessions query={data} variables={variables} instead={instead} />}
    </Answer>
  );
  return { sent, element };
}

/** Without a catalog the platforms are searched. */
function SearchedSessions({ variables }: { readonly variables: ListVariables }): ReactNode {
  const { filter, orderBy, search } = variables;
  const data = useLazyLoadQuery<sessionsPageQuery>(sessionsPage, { filter: { ...filter, search }, orderBy });
  return <SessionList query={data} variables={variables} />;
}
