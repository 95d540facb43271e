import { type ReactNode, useEffect } from 'react';
import { graphql, usePaginationFragment } from 'react-relay';
import type { sessionList_query$key } from '#relay/sessionList_query.graphql.ts';
import type { sessionListPaginationQuery } from '#relay/sessionListPaginationQuery.graphql.ts';
import type { ListVariables } from './filters.ts';
import { NewSessions } from './new-sessions.tsx';
import { Outcomes } from './outcomes.tsx';
import { go } from './router.tsx';
import { SessionTable } from './session-table.tsx';

interface Props {
  readonly query: sessionList_query$key;
  readonly variables: ListVariables;
  readonly empty: ReactNode;
  /** Above the first row: what is newer than the day that was jumped to. */
  readonly above?: ReactNode | undefined;
}

/** As the platforms have them now. */
export function SessionList({ query, variables, empty, above }: Props): ReactNode {
  const { data, ...list } = usePaginationFragment<sessionListPaginationQuery, sessionList_query$key>(
    graphql`
      fragment sessionList_query on Query
      @refetchable(queryName: "sessionListPaginationQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "String" }) {
        sessions(first: $count, after: $cursor, filter: $filter, orderBy: $orderBy)
          @connection(key: "sessionList_sessions")
          @required(action: THROW) {
          edges { node { id createdAt updatedAt ...sessionRow_sessions } }
          outcomes { ...outcomes_outcomes }
        }
      }
    `,
    query,
  );
  const sessions = data.sessions.edges.map(({ node }) => node);
  // A native id may be unique only within one agent, so there can be several.
  const only = variables.filter?.nativeIds && sessions.length === 1 && !list.hasNext ? sessions[0]?.id : undefined;
  useEffect(() => {
    if (only !== undefined) go(`/sessions/${encodeURIComponent(only)}`, 'replace');
  }, [only]);
  return (
    <>
      <Outcomes outcomes={data.sessions.outcomes} />
      {above}
      <SessionTable sessions={sessions} timeOf={variables.orderBy.field} empty={empty} list={list}>
        {!above && <NewSessions variables={variables} newest={sessions[0]} />}
      </SessionTable>
    </>
  );
}
