import { memo, type ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { sessionRow_session$key } from '#relay/sessionRow_session.graphql.ts';
import type { OrderField } from './filters.ts';
import { Platform } from './platform.tsx';
import { Status } from './status.tsx';
import { Time } from './time.tsx';
import { toLabel } from './words.ts';

interface Props {
  readonly session: sessionRow_session$key;
  readonly timeOf: OrderField;
}

export const SessionRow = memo(function SessionRow({ session, timeOf }: Props): ReactNode {
  const row = useFragment(
    graphql`
      fragment sessionRow_session on Session {
        id nativeId title preview status nativeStatus kind createdAt updatedAt
        source { ...platform_source }
        user { id }
        agent { name }
        team { name }
        workflow { name }
      }
    `,
    session,
  );
  const runs = row.team?.name ?? row.workflow?.name ?? row.agent?.name;
  const text = row.title ?? row.preview ?? row.nativeId;
  const manner = row.title !== null ? 'title' : row.preview !== null ? 'title preview' : 'title native';
  return (
    <li className="row">
      <Status status={row.status} native={row.nativeStatus} />
      <a href={`/sessions/${encodeURIComponent(row.id)}`} className={`${manner} clip`} data-row="" title={text}>
        {text}
      </a>
      <span className="runs">
        {row.kind !== 'AGENT' && <span className="kind">{toLabel(row.kind)}</span>}
        <span className="clip">{runs ?? '–'}</span>
      </span>
      <span className="user clip">{row.user?.id ?? <span title="The platform reports no user">–</span>}</span>
      <Platform source={row.source} />
      <Time at={timeOf === 'CREATED_AT' ? row.createdAt : (row.updatedAt ?? row.createdAt)} />
    </li>
  );
});
