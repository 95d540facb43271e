import { referencedEntity } from '../entities/reference.ts';
import { keptField } from '../entities/session-copy.ts';
import { sessionEntity } from '../entities/session-entity.ts';
import { sessionTokens } from '../entities/session-tokens.ts';
import { sessionMessages } from '../resolvers/session/messages.ts';
import { sessionUser } from '../resolvers/session/user.ts';
import { selectedFields } from '../selection/selected-fields.ts';
import { builder } from './builder.ts';
import { entityFields } from './entity-fields.ts';
import { idKey } from './id-key.ts';
import { messageArguments } from './message-arguments.ts';
import { MessageConnection } from './message-connection.ts';
import { Agent, Node, Session, Team, User, Workflow } from './refs.ts';
import { SessionKind } from './session-kind.ts';
import { SessionStatus } from './session-status.ts';
import { typeName } from './type-names.ts';

Session.implement({
  description: 'A conversation with an agent, a team or a workflow on one of the platforms.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('session', provider),
  fields: (t) => ({
    ...entityFields(t, 'session', {
      noun: 'session',
      nativeId: 'Its id on the platform. It may be unique only among the sessions of one agent or one kind.',
    }),
    kind: t.expose('kind', { type: SessionKind, description: 'Whether it runs an agent, a team or a workflow.' }),
    title: t.string({
      nullable: true,
      resolve: (session, _args, context) => keptField(session, 'title', context),
      description: 'Its title on the platform. Null when it has none: this graph does not make one up.',
    }),
    preview: t.string({
      nullable: true,
      resolve: (session, _args, context) => keptField(session, 'preview', context),
      description:
        'The beginning of the conversation, to show when there is no `title`. Null when the platform does not provide it.',
    }),
    status: t.expose('status', {
      type: SessionStatus,
      description: 'What it is doing, in words common to all platforms.',
    }),
    nativeStatus: t.exposeString('nativeStatus', {
      nullable: true,
      description: 'Its status as the platform spells it. Null when the platform does not report one.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was created. Null when the platform does not report it.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last active. Null when the platform does not report it.',
    }),
    totalTokens: t.float({
      nullable: true,
      description: 'The number of tokens that it used. Null when the platform does not report it.',
      resolve: (session, _args, context) => sessionTokens(session, context),
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The end user it belongs to. Null when the platform does not report one.',
      resolve: (session, _args, context) => sessionUser(session, context),
    }),
    agent: t.field({
      type: Agent,
      nullable: true,
      description:
        'The agent it runs. Null when it runs none, or when the agent no longer exists. When you select only `id`, `nativeId`, `source` or `sessions` of it, the platform is not asked, so you get them even for an agent that no longer exists.',
      resolve: (session, _args, context, info) =>
        sessionEntity('agent', session, () => selectedFields(info, typeName('agent', session.provider)), context),
    }),
    team: t.field({
      type: Team,
      nullable: true,
      description:
        'The team it runs or belongs to. Null when there is none, or when the team no longer exists. When you select only `id`, `nativeId`, `source` or `sessions` of it, the platform is not asked, so you get them even for a team that no longer exists.',
      resolve: (session, _args, context, info) =>
        sessionEntity('team', session, () => selectedFields(info, typeName('team', session.provider)), context),
    }),
    workflow: t.field({
      type: Workflow,
      nullable: true,
      description:
        'The workflow it runs. Null when it runs none, or when the workflow no longer exists. When you select only `id`, `nativeId`, `source` or `sessions` of it, the platform is not asked, so you get them even for a workflow that no longer exists.',
      resolve: (session, _args, context, info) =>
        sessionEntity('workflow', session, () => selectedFields(info, typeName('workflow', session.provider)), context),
    }),
    messages: t.field({
      type: MessageConnection,
      nullable: true,
      args: messageArguments,
      description:
        'Its messages, oldest first, in the order of the platform. For the newest, give `last`. In a list of sessions this costs at least one request for each session.',
      resolve: (session, args, context) => sessionMessages(session, args, context),
    }),
  }),
});

builder.asEntity(Session, {
  key: idKey,
  resolveReference: (reference, context) => referencedEntity('session', null, reference, context),
});
