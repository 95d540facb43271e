import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay';
import type { foundSessions_query$key } from '#relay/foundSessions_query.graphql.ts';
import type { foundSessionsPaginationQuery } from '#relay/foundSessionsPaginationQuery.graphql.ts';
import type { ListVariables } from './filters.ts';
import { SessionTable } from './session-table.tsx';
import { Time } from './time.tsx';

interface Props {
  readonly query: foundSessions_query$key;
  readonly variables: ListVariables;
  /** Where there is no catalog. */
  readonly instead: ReactNode;
}

/** What a search finds in the catalog: in titles, previews, ids, users and tags. */
export function FoundSessions({ query, variables, instead }: Props): ReactNode {
  const { data, ...list } = usePaginationFragment<foundSessionsPaginationQuery, foundSessions_query$key>(
    graphql`
      fragment foundSessions_query on Query
      @refetchable(queryName: "foundSessionsPaginationQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "String" }) {
        catalog {
          sessions(search: $search, first: $count, after: $cursor, filter: $filter, orderBy: $orderBy)
            @connection(key: "foundSessions_sessions")
            @required(action: THROW) {
            edges { node { id ...sessionRow_session } }
            freshness { status asOf behind source { id name } }
          }
        }
      }
    `,
    query,
  );
  if (!data.catalog) return instead;
  const { edges, freshness } = data.catalog.sessions;
  const [oldest] = freshness.flatMap(({ asOf }) => asOf ?? []).toSorted((a, b) => Date.parse(a) - Date.parse(b));
  return (
    <>
      <p className="aside">
        Found in the catalog, a copy of the sessions. Its oldest part was read <Time at={oldest} />.
      </p>
      <div role="status">
        {freshness
          .filter(({ status }) => status !== 'CURRENT')
          .map(({ source, status, behind }) => (
            <p key={source.id} className="outcome">
              <span>
                <strong>{source.name}</strong> {sentences[status]} {behind}
              </span>
            </p>
          ))}
      </div>
      <SessionTable sessions={edges.map(({ node }) => node)} timeOf={variables.orderBy.field} list={list} />
    </>
  );
}

const sentences: Readonly<Record<string, string>> = {
  FILLING: 'is still being copied: some of its sessions are missing.',
  BEHIND: 'is shown as it was when it was last read.',
  NOT_FOLLOWED: 'is not copied, so nothing of it is found.',
};
