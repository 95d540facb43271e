import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { sessionRows_edges$key } from '#relay/sessionRows_edges.graphql.ts';
import type { OrderField } from './filters.ts';
import { SessionRow } from './session-row.tsx';
import { toStretch } from './time.tsx';

interface Props {
  readonly edges: sessionRows_edges$key;
  readonly timeOf: OrderField;
  readonly reversed?: boolean;
}

/** Rows with a heading above each stretch of time. */
export function SessionRows({ edges, timeOf, reversed = false }: Props): ReactNode {
  const given = useFragment(
    graphql`
      fragment sessionRows_edges on SessionEdge @relay(plural: true) {
        node {
          id createdAt updatedAt
          ...sessionRow_session
        }
      }
    `,
    edges,
  );
  let stretch: string | null = null;
  return (reversed ? given.toReversed() : given).map(({ node }) => {
    const next = toStretch(timeOf === 'CREATED_AT' ? node.createdAt : (node.updatedAt ?? node.createdAt));
    const heading = next === stretch ? null : next;
    stretch = next;
    return [
      heading !== null && (
        <li key={`before ${node.id}`} className="stretch">
          {heading}
        </li>
      ),
      <SessionRow key={node.id} session={node} timeOf={timeOf} />,
    ];
  });
}
