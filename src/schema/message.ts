import {
  type MessageError as MessageErrorShape,
  type TokenUsage as TokenUsageShape,
  textOf,
} from '../domain/message.ts';
import { messageNodeId, referencedMessage } from '../entities/message-node.ts';
import { builder } from './builder.ts';
import { idKey } from './id-key.ts';
import { MessagePart } from './message-part.ts';
import { MessageRole } from './message-role.ts';
import { Message, Node, Session } from './refs.ts';

const MessageStatus = builder.enumType('MessageStatus', {
  description: 'What a message is doing.',
  values: {
    IN_PROGRESS: { description: 'It is being written, or the tools that it called are working.' },
    COMPLETED: { description: 'It is finished.' },
    WAITING: { description: 'It waits for a person, such as for leave to call a tool.' },
    FAILED: { description: 'It ended with an error.' },
    CANCELLED: { description: 'It was stopped.' },
    UNKNOWN: { description: 'The platform does not say, or uses a word that this graph does not know.' },
  } as const,
});

const TokenUsage = builder.objectRef<TokenUsageShape>('TokenUsage').implement({
  description: 'The tokens that a model used.',
  fields: (t) => ({
    inputTokens: t.exposeInt('inputTokens', { nullable: true, description: 'Number of tokens that the model read.' }),
    outputTokens: t.exposeInt('outputTokens', {
      nullable: true,
      description: 'Number of tokens that the model wrote.',
    }),
  }),
});

const MessageError = builder.objectRef<MessageErrorShape>('MessageError').implement({
  description: 'Why a message failed.',
  fields: (t) => ({
    code: t.exposeString('code', { nullable: true, description: 'The code of the platform. Null when it has none.' }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'The text of the platform. Null when it has none.',
    }),
  }),
});

Message.implement({
  description: 'One message of a session.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. It is opaque: do not parse it.',
      resolve: messageNodeId,
    }),
    nativeId: t.string({
      nullable: true,
      description: 'Its id on the platform. Null when it has none.',
      resolve: ({ message }) => message.nativeId,
    }),
    session: t.field({
      type: Session,
      description: 'The session that it belongs to.',
      resolve: ({ session }) => session,
    }),
    turnId: t.string({
      nullable: true,
      description:
        'The id on the platform of the turn that it belongs to: everything from one message of a user to the answer. Null when the platform does not say.',
      resolve: ({ message }) => message.turnId,
    }),
    parentTurnId: t.string({
      nullable: true,
      description:
        'The `turnId` of the turn that this turn is a part of, such as the turn of a team in which one of its members speaks. Null for a turn of its own.',
      resolve: ({ message }) => message.parentTurnId,
    }),
    role: t.field({ type: MessageRole, description: 'Who speaks.', resolve: ({ message }) => message.role }),
    nativeRole: t.string({
      nullable: true,
      description: "Who speaks, in the platform's word. Null when it has none.",
      resolve: ({ message }) => message.nativeRole,
    }),
    name: t.string({
      nullable: true,
      description: 'The name of the author, such as that of an agent. Null when the platform does not give one.',
      resolve: ({ message }) => message.name,
    }),
    status: t.field({
      type: MessageStatus,
      description: 'What it is doing.',
      resolve: ({ message }) => message.status,
    }),
    createdAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was begun. Null when the platform does not report it. Messages are not ordered by it.',
      resolve: ({ message }) => message.createdAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was finished. Null when it is not, or when the platform does not report it.',
      resolve: ({ message }) => message.finishedAt,
    }),
    model: t.string({
      nullable: true,
      description: 'The model that wrote it. Null when the platform does not say.',
      resolve: ({ message }) => message.model,
    }),
    usage: t.field({
      type: TokenUsage,
      nullable: true,
      description: 'The tokens that it used. Null when the platform does not count them for each message.',
      resolve: ({ message }) => message.usage,
    }),
    error: t.field({
      type: MessageError,
      nullable: true,
      description: 'Why it failed. Null when it did not.',
      resolve: ({ message }) => message.error,
    }),
    parts: t.field({
      type: [MessagePart],
      description: 'What it consists of, in order.',
      resolve: ({ message }) => message.parts(),
    }),
    text: t.string({
      description: 'Its text parts, a line break between them; empty when it has none.',
      resolve: ({ message }) => textOf(message),
    }),
  }),
});

builder.asEntity(Message, {
  key: idKey,
  resolveReference: (reference, context) => referencedMessage(reference, context),
});
