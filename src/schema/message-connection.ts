import type { Edge } from '../connections/edge.ts';
import type { MessageOfSession } from '../domain/message.ts';
import type { MessageConnection as MessageConnectionShape } from '../resolvers/session/messages.ts';
import { builder } from './builder.ts';
import { SourceOutcome } from './outcome.ts';
import { PageInfo } from './page-info.ts';
import { Message } from './refs.ts';

const MessageEdge = builder.objectRef<Edge<MessageOfSession>>('MessageEdge').implement({
  description: 'One message of a page, with its cursor.',
  fields: (t) => ({
    node: t.expose('node', { type: Message, description: 'The message.' }),
    cursor: t.string({
      description: 'The position of the message in the conversation, for `after` and `before`.',
      resolve: (edge) => edge.cursor(),
    }),
  }),
});

export const MessageConnection = builder.objectRef<MessageConnectionShape>('MessageConnection').implement({
  description: 'A page of the messages of a session, oldest first, in the order of the platform.',
  fields: (t) => ({
    edges: t.expose('edges', { type: [MessageEdge], description: 'The messages with their cursors.' }),
    nodes: t.field({
      type: [Message],
      description: 'The messages without cursors.',
      resolve: ({ edges }) => edges.map(({ node }) => node),
    }),
    pageInfo: t.expose('pageInfo', {
      type: PageInfo,
      description: 'Whether more pages come before and after this one, and the cursors that lead to them.',
    }),
    totalCount: t.int({
      nullable: true,
      description:
        'The number of messages in the whole list. It is exact, or null when the platform does not count and the page does not reach from one end of the conversation to the other.',
      resolve: (connection) => connection.totalCount(),
    }),
    outcome: t.expose('outcome', {
      type: SourceOutcome,
      description:
        'How reading the source went. `PARTIAL` means that the page stopped at the maximum number of messages to read; continue from its cursor. `UNSUPPORTED` means that the sessions of the source have no messages that can be read.',
    }),
  }),
});
