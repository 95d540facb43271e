import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { sessionHeader_session$key } from '#relay/sessionHeader_session.graphql.ts';
import { Platform } from './platform.tsx';
import { Status } from './status.tsx';
import { Time } from './time.tsx';

/** Nothing here that the rows of a list do not have, so that it is there as soon as the link is followed. */
export function SessionHeader({ session }: { readonly session: sessionHeader_session$key }): ReactNode {
  const { title, preview, nativeId, status, nativeStatus, createdAt, source } = useFragment(
    graphql`
      fragment sessionHeader_session on Session {
        title preview nativeId status nativeStatus createdAt
        source { ...platform_source }
      }
    `,
    session,
  );
  return (
    <>
      <title>{title ?? preview ?? nativeId}</title>
      <h1 tabIndex={-1} className={title === null ? 'untitled' : undefined}>
        {title ?? preview ?? nativeId}
      </h1>
      <p className="line">
        <Status status={status} native={nativeStatus} />
        <Platform source={source} />
        <Time at={createdAt} />
      </p>
    </>
  );
}
