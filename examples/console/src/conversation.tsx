import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay';
import type { conversation_session$key } from '#relay/conversation_session.graphql.ts';
import type { conversationPaginationQuery } from '#relay/conversationPaginationQuery.graphql.ts';
import { Message } from './message.tsx';
import { Outcomes } from './outcomes.tsx';

/** The newest messages; earlier ones come above. Answers of tools are shown with their calls, so their own messages are left out. */
export function Conversation({ session }: { readonly session: conversation_session$key }): ReactNode {
  const list = usePaginationFragment<conversationPaginationQuery, conversation_session$key>(
    graphql`
      fragment conversation_session on Session
      @refetchable(queryName: "conversationPaginationQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 30 }, cursor: { type: "String" }) {
        messages(last: $count, before: $cursor, roles: [SYSTEM, USER, ASSISTANT, UNKNOWN])
          @connection(key: "conversation_messages", filters: []) {
          edges { node { id ...message_message } }
          outcome { status ...outcomes_outcomes }
        }
      }
    `,
    session,
  );
  const { data, loadPrevious, hasPrevious, isLoadingPrevious } = list;
  if (!data.messages) return <p className="none">The conversation could not be read.</p>;
  const { edges, outcome } = data.messages;
  return (
    <>
      <Outcomes outcomes={[outcome]} />
      {hasPrevious && (
        <div className="end">
          <button type="button" className="button" disabled={isLoadingPrevious} onClick={() => loadPrevious(30)}>
            {isLoadingPrevious ? 'Loading…' : 'Show earlier messages'}
          </button>
        </div>
      )}
      {edges.length === 0 && outcome.status === 'COMPLETE' && <p className="none">Nothing has been said yet.</p>}
      <ol className="messages">
        {edges.map(({ node }) => (
          <Message key={node.id} message={node} />
        ))}
      </ol>
    </>
  );
}
