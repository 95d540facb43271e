import { type ReactNode, Suspense } from 'react';
import { graphql, loadQuery, type PreloadedQuery, usePreloadedQuery } from 'react-relay';
import type { sessionPageConversationQuery } from '#relay/sessionPageConversationQuery.graphql.ts';
import type { sessionPageQuery } from '#relay/sessionPageQuery.graphql.ts';
import { Conversation } from './conversation.tsx';
import { environment } from './environment.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Link, type Prepared, useRouter } from './router.tsx';
import { SessionHeader } from './session-header.tsx';
import { SessionPanel } from './session-panel.tsx';
import { SkeletonText } from './skeletons.tsx';

const sessionPage = graphql`
  query sessionPageQuery($id: ID!) {
    session(id: $id) { ...sessionHeader_session ...sessionPanel_session }
  }
`;

// A query of its own, at the same time: a long conversation does not hold up the rest of the page.
const sessionPageConversation = graphql`
  query sessionPageConversationQuery($id: ID!) {
    session(id: $id) { ...conversation_session }
  }
`;

export function prepareSession(id: string): Prepared {
  const session = loadQuery<sessionPageQuery>(environment, sessionPage, { id }, { fetchPolicy: 'store-and-network' });
  const conversation = loadQuery<sessionPageConversationQuery>(
    environment,
    sessionPageConversation,
    { id },
    { fetchPolicy: 'network-only' },
  );
  return {
    title: 'Session',
    element: <SessionPage key={id} session={session} conversation={conversation} />,
    queries: [session, conversation],
  };
}

interface Props {
  readonly session: PreloadedQuery<sessionPageQuery>;
  readonly conversation: PreloadedQuery<sessionPageConversationQuery>;
}

function SessionPage({ session, conversation }: Props): ReactNode {
  const { url, navigate } = useRouter();
  const reload = (): void => navigate(url.href, 'replace');
  return (
    <div className="session">
      <header className="bar">
        <nav aria-label="Way back">
          <Link href="/">Sessions</Link>
        </nav>
        <ErrorBoundary what="The session could not be read" attempt={session} onRetry={reload}>
          <Suspense fallback={<SkeletonText what="session" />}>
            <Header query={session} />
          </Suspense>
        </ErrorBoundary>
        <button type="button" className="button" onClick={reload}>
          Refresh
        </button>
      </header>
      <section className="conversation" aria-label="Conversation">
        <ErrorBoundary what="The conversation could not be read" attempt={conversation} onRetry={reload}>
          <Suspense fallback={<SkeletonText what="conversation" />}>
            <Messages query={conversation} />
          </Suspense>
        </ErrorBoundary>
      </section>
      <div className="side">
        <ErrorBoundary what="The details could not be read" attempt={session} onRetry={reload}>
          <Suspense fallback={<SkeletonText what="details" />}>
            <Panel query={session} />
          </Suspense>
        </ErrorBoundary>
      </div>
    </div>
  );
}

interface SessionProps {
  readonly query: PreloadedQuery<sessionPageQuery>;
}

function Header({ query }: SessionProps): ReactNode {
  const { session } = usePreloadedQuery<sessionPageQuery>(sessionPage, query);
  if (session !== null && session !== undefined) return <SessionHeader session={session} />;
  return (
    <>
      <h1 tabIndex={-1}>No such session</h1>
      <p className="line">It no longer exists, or you may not see it.</p>
    </>
  );
}

function Panel({ query }: SessionProps): ReactNode {
  const { session } = usePreloadedQuery<sessionPageQuery>(sessionPage, query);
  return session && <SessionPanel session={session} />;
}

function Messages({ query }: { readonly query: PreloadedQuery<sessionPageConversationQuery> }): ReactNode {
  const { session } = usePreloadedQuery<sessionPageConversationQuery>(sessionPageConversation, query);
  return session && <Conversation session={session} />;
}
