import { type ReactNode, useEffect } from 'react';
import { graphql, usePaginationFragment } from 'react-relay';
import type { sessionList_query$key } from '#relay/sessionList_query.graphql.ts';
import type { sessionListPaginationQuery } from '#relay/sessionListPaginationQuery.graphql.ts';
import type { ListVariables } from './filters.ts';
import { NewSessions } from './new-sessions.tsx';
import { Outcomes } from './outcomes.tsx';
import { go } from './router.tsx';
import { SessionTable } from './session-table.tsx';
import { toLabel } from './words.ts';

interface Props {
  readonly query: sessionList_query$key;
  readonly variables: ListVariables;
}

/** As the platforms have them now. */
export function SessionList({ query, variables }: Props): ReactNode {
  const { data, ...list } = usePaginationFragment<sessionListPaginationQuery, sessionList_query$key>(
    graphql`
      fragment sessionList_query on Query
      @refetchable(queryName: "sessionListPaginationQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "String" }) {
        sources { slug name provider capabilities { statuses } }
        sessions(first: $count, after: $cursor, filter: $filter, orderBy: $orderBy)
          @connection(key: "sessionList_sessions")
          @required(action: THROW) {
          edges { node { id createdAt updatedAt ...sessionRow_session } }
          outcomes { ...outcomes_outcomes }
        }
      }
    `,
    query,
  );
  const { filter, orderBy } = variables;
  const sessions = data.sessions.edges.map(({ node }) => node);
  // A native id may be unique only within one agent, so there can be several.
  const only = filter.nativeIds && sessions.length === 1 && !list.hasNext ? sessions[0]?.id : undefined;
  useEffect(() => {
    if (only !== undefined) go(`/sessions/${encodeURIComponent(only)}`, 'replace');
  }, [only]);
  const silent = data.sources.filter(
    ({ slug, provider, capabilities }) =>
      filter.statuses?.every((status) => !capabilities.statuses.includes(status)) === true &&
      filter.sources?.includes(slug) !== false &&
      filter.providers?.includes(provider) !== false,
  );
  return (
    <>
      <Outcomes outcomes={data.sessions.outcomes} />
      {silent.length > 0 && (
        <p className="aside">
          {and.format(silent.map(({ name }) => name))} cannot say whether a session is{' '}
          {or.format(filter.statuses?.map((status) => toLabel(status).toLowerCase()) ?? [])}.
        </p>
      )}
      <SessionTable sessions={sessions} timeOf={orderBy.field} list={list}>
        <NewSessions variables={variables} newest={sessions[0]} />
      </SessionTable>
    </>
  );
}

const and = new Intl.ListFormat('en');
const or = new Intl.ListFormat('en', { type: 'disjunction' });
