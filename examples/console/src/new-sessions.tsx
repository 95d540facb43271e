import { type ReactNode, useEffectEvent, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay';
import type { newSessionsQuery } from '#relay/newSessionsQuery.graphql.ts';
import type { ListVariables } from './filters.ts';
import { useInterval } from './interval.ts';
import { useRouter } from './router.tsx';
import { plural } from './words.ts';

interface Props {
  readonly variables: ListVariables;
  readonly newest: {
    readonly createdAt: string | null | undefined;
    readonly updatedAt: string | null | undefined;
  } | null;
}

const newSessions = graphql`
  query newSessionsQuery($filter: SessionFilter!, $orderBy: SessionOrder!) {
    sessions(first: 50, filter: $filter, orderBy: $orderBy) {
      nodes { createdAt updatedAt }
      pageInfo { hasNextPage }
    }
  }
`;

/** Says how many sessions there are above the first row. They come when the user asks: a list that is read stays as it is. */
export function NewSessions({ variables, newest }: Props): ReactNode {
  const environment = useRelayEnvironment();
  const { url, navigate } = useRouter();
  const [found, setFound] = useState({ since: '', count: 0, isAll: true });
  const isByCreation = variables.orderBy.field === 'CREATED_AT';
  const [opened] = useState(() => new Date().toISOString());
  const since = newest === null ? opened : ((isByCreation ? newest.createdAt : newest.updatedAt) ?? opened);

  const look = useEffectEvent(() => {
    const place = isByCreation ? 'createdAt' : 'updatedAt';
    const filter = { ...variables.filter, [place]: { ...variables.filter?.[place], from: since } };
    fetchQuery<newSessionsQuery>(environment, newSessions, { filter, orderBy: variables.orderBy })
      .toPromise()
      .then((data) => {
        const { nodes = [], pageInfo } = data?.sessions ?? {};
        // The range begins with the first row itself.
        const newer = nodes.filter(({ createdAt, updatedAt }) => (isByCreation ? createdAt : updatedAt) !== since);
        setFound({ since, count: newer.length, isAll: pageInfo?.hasNextPage === false });
      })
      // A source that fails now is reported with the next page; what was announced still holds.
      .catch(() => undefined);
  });
  useInterval(look, 30_000);

  return (
    <div className="announced" role="status">
      {found.since === since && found.count > 0 && (
        <button type="button" onClick={() => navigate(url.href, 'replace')}>
          {found.isAll ? '' : 'At least '}
          {isByCreation ? plural(found.count, 'new session') : `${plural(found.count, 'session')} active since`}
        </button>
      )}
    </div>
  );
}
