import type { ReactNode } from 'react';
import { fetchQuery, graphql, useLazyLoadQuery, useRelayEnvironment } from 'react-relay';
import type { needsMeCountQuery } from '#relay/needsMeCountQuery.graphql.ts';
import { useInterval } from './interval.ts';

const needsMeCount = graphql`
  query needsMeCountQuery {
    sessions(first: 100, filter: { statuses: [WAITING] }) {
      nodes { id }
      pageInfo { hasNextPage }
      outcomes { status }
    }
  }
`;

/** How many sessions wait. With a plus when there may be more: a source failed, or the page was full. */
export function NeedsMeCount(): ReactNode {
  const environment = useRelayEnvironment();
  const { sessions } = useLazyLoadQuery<needsMeCountQuery>(needsMeCount, {}, { fetchPolicy: 'store-or-network' });
  useInterval(() => {
    fetchQuery<needsMeCountQuery>(environment, needsMeCount, {})
      .toPromise()
      .catch(() => undefined);
  }, 60_000);
  if (sessions === null || sessions === undefined) return null;
  const { nodes, pageInfo, outcomes } = sessions;
  const isExact = !pageInfo.hasNextPage && outcomes.every(({ status }) => status === 'COMPLETE');
  return (
    <span className="badge" title={isExact ? undefined : 'At least: not every source could be read in full.'}>
      {nodes.length}
      {isExact ? '' : '+'}
    </span>
  );
}
