import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { fetchQuery, graphql, requestSubscription, useRelayEnvironment } from 'react-relay';
import type { newSessionsQuery } from '#relay/newSessionsQuery.graphql.ts';
import type { newSessionsSubscription } from '#relay/newSessionsSubscription.graphql.ts';
import type { ListVariables } from './filters.ts';
import { reload } from './router.tsx';
import { plural } from './words.ts';

type Times = Readonly<Record<'createdAt' | 'updatedAt', string | null | undefined>>;

interface Props {
  readonly variables: ListVariables;
  readonly newest: Times | undefined;
}

// Nothing that the catalog would have to read from a platform.
const changes = graphql`
  subscription newSessionsSubscription($filter: SessionFilter) {
    sessionsChanged(filter: $filter) {
      __typename
      ... on SessionUpserted { session { id title preview status nativeStatus updatedAt } }
    }
  }
`;

const newSessions = graphql`
  query newSessionsQuery($filter: SessionFilter!, $orderBy: CatalogOrder!) {
    catalog {
      sessions(first: 50, filter: $filter, orderBy: $orderBy) {
        nodes { createdAt updatedAt }
        pageInfo { hasNextPage }
      }
    }
  }
`;

/**
 * Rows that change do so where they are. How many sessions there are above the first row is said, and they come when the user asks:
 * a list that is read stays as it is.
 */
export function NewSessions({ variables: { filter, orderBy }, newest }: Props): ReactNode {
  const environment = useRelayEnvironment();
  const [found, setFound] = useState({ since: '', count: 0, isAll: true });
  const [opened] = useState(() => new Date().toISOString());
  const place = orderBy.field === 'CREATED_AT' ? 'createdAt' : 'updatedAt';
  const since = newest?.[place] ?? opened;

  const look = useEffectEvent(() => {
    const variables = { filter: { ...filter, [place]: { ...filter?.[place], from: since } }, orderBy };
    fetchQuery<newSessionsQuery>(environment, newSessions, variables).subscribe({
      next: ({ catalog }) => {
        // The range begins with the first row itself.
        const newer = catalog?.sessions?.nodes.filter((times) => times[place] !== since) ?? [];
        setFound({ since, count: newer.length, isAll: catalog?.sessions?.pageInfo.hasNextPage === false });
      },
      // What was announced still holds.
      error: () => undefined,
    });
  });
  useEffect(() => {
    const { dispose } = requestSubscription<newSessionsSubscription>(environment, {
      subscription: changes,
      variables: { filter },
      // Changes are followed by a mark, which is also the first event of each stream.
      onNext: (event) => event?.sessionsChanged.__typename !== 'SessionUpserted' && look(),
    });
    return dispose;
  }, [environment, filter]);

  return (
    <div className="announced" role="status">
      {found.since === since && found.count > 0 && (
        <button type="button" onClick={reload}>
          {found.isAll ? '' : 'At least '}
          {place === 'createdAt'
            ? plural(found.count, 'new session')
            : `${plural(found.count, 'session')} active since`}
        </button>
      )}
    </div>
  );
}
