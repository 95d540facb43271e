import { createContext, type ReactNode, useContext, useDeferredValue, useEffect, useState } from 'react';
import { graphql, requestSubscription, useLazyLoadQuery, useRelayEnvironment } from 'react-relay';
import type { changesCountQuery, changesCountQuery$variables } from '#relay/changesCountQuery.graphql.ts';
import type { changesSubscription } from '#relay/changesSubscription.graphql.ts';
import { Optional } from './answer.tsx';

// Nothing that the catalog would have to read from a platform.
const changes = graphql`
  subscription changesSubscription {
    sessionsChanged {
      __typename
      ... on SessionUpserted { session { id title preview status nativeStatus updatedAt } }
    }
  }
`;

const changesCount = graphql`
  query changesCountQuery($filter: SessionFilter!) {
    catalog {
      sessions(first: 0, filter: $filter) { totalCount precision }
    }
  }
`;

const MarksContext = createContext(0);

/** One stream for all pages: what changes does so where it is shown. */
export function Changes({ children }: { readonly children: ReactNode }): ReactNode {
  const environment = useRelayEnvironment();
  const [marks, setMarks] = useState(0);
  useEffect(() => {
    const { dispose } = requestSubscription<changesSubscription>(environment, {
      subscription: changes,
      variables: {},
      // Changes are followed by a mark, which is also the first event of each stream.
      onNext: (event) => {
        if (event?.sessionsChanged.__typename !== 'SessionUpserted') setMarks((count) => count + 1);
      },
    });
    return dispose;
  }, [environment]);
  return <MarksContext value={marks}>{children}</MarksContext>;
}

interface Props {
  readonly filter: changesCountQuery$variables['filter'];
  readonly children: (count: number, isExact: boolean) => ReactNode;
}

/** How many sessions there are, counted anew after each change. Nothing where there is no catalog, which tells of none. */
export function Count(props: Props): ReactNode {
  const marks = useDeferredValue(useContext(MarksContext));
  if (marks === 0) return null;
  return (
    <Optional attempt={marks}>
      <Counted {...props} marks={marks} />
    </Optional>
  );
}

function Counted({ filter, children, marks }: Props & { readonly marks: number }): ReactNode {
  const options = { fetchKey: marks, fetchPolicy: 'network-only' } as const;
  const { catalog } = useLazyLoadQuery<changesCountQuery>(changesCount, { filter }, options);
  return catalog?.sessions && children(catalog.sessions.totalCount, catalog.sessions.precision === 'EXACT');
}
