import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { sessionPage_session$key } from '#relay/sessionPage_session.graphql.ts';
import type { sessionPageConversationQuery } from '#relay/sessionPageConversationQuery.graphql.ts';
import type { sessionPageQuery } from '#relay/sessionPageQuery.graphql.ts';
import { Answer, send } from './answer.tsx';
import { Conversation } from './conversation.tsx';
import { Platform } from './platform.tsx';
import type { Prepared } from './router.tsx';
import { SessionPanel } from './session-panel.tsx';
import { Status } from './status.tsx';
import { Time } from './time.tsx';

const sessionPage = graphql`
  query sessionPageQuery($id: ID!) {
    session(id: $id) { ...sessionPage_session ...sessionPanel_session }
  }
`;

// A query of its own, at the same time: a long conversation does not hold up the rest of the page.
const sessionPageConversation = graphql`
  query sessionPageConversationQuery($id: ID!) {
    session(id: $id) { ...conversation_session }
  }
`;

export function prepareSession(id: string): Prepared {
  const about = send<sessionPageQuery>(sessionPage, { id }, 'store-and-network');
  const conversation = send<sessionPageConversationQuery>(sessionPageConversation, { id });
  return {
    title: 'Session',
    sent: [about, conversation],
    element: (
      <div key={id} className="session">
        <header className="bar">
          <nav aria-label="Way back">
            <a href="/">Sessions</a>
          </nav>
          <Answer to={about} what="session">
            {({ session }) => (session ? <Header session={session} /> : noSession)}
          </Answer>
        </header>
        <section className="conversation" aria-label="Conversation">
          <Answer to={conversation} what="conversation">
            {({ session }) => session && <Conversation session={session} />}
          </Answer>
        </section>
        <div className="side">
          <Answer to={about} what="details">
            {({ session }) => session && <SessionPanel session={session} />}
          </Answer>
        </div>
      </div>
    ),
  };
}

const noSession = (
  <>
    <h1 tabIndex={-1}>No such session</h1>
    <p className="line">It no longer exists, or you may not see it.</p>
  </>
);

/** Nothing here that the rows of a list do not have, so that it is there as soon as the link is followed. */
function Header({ session }: { readonly session: sessionPage_session$key }): ReactNode {
  const { title, preview, nativeId, status, nativeStatus, createdAt, source } = useFragment(
    graphql`
      fragment sessionPage_session on Session {
        title preview nativeId status nativeStatus createdAt
        source { ...platform_source }
      }
    `,
    session,
  );
  const name = title ?? preview ?? nativeId;
  return (
    <>
      <title>{name}</title>
      <h1 tabIndex={-1} className={title === null ? 'untitled' : undefined}>
        {name}
      </h1>
      <p className="line">
        <Status status={status} native={nativeStatus} />
        <Platform source={source} />
        <Time at={createdAt} />
      </p>
    </>
  );
}
