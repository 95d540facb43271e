import type { Reading } from '../context.ts';
import { parseInstant } from '../domain/instant.ts';
import type { SourceHealth as SourceHealthShape } from '../domain/source-health.ts';
import { toSourceNodeId } from '../entities/node-id.ts';
import { toUser } from '../entities/reference.ts';
import { agentConnection } from '../resolvers/query/agents.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { teamConnection } from '../resolvers/query/teams.ts';
import { workflowConnection } from '../resolvers/query/workflows.ts';
import { builder } from './builder.ts';
import { AgentConnection, SessionConnection, TeamConnection, WorkflowConnection } from './connection.ts';
import { agentArguments, teamArguments, workflowArguments } from './list-arguments.ts';
import { Provider } from './provider.ts';
import { Node, Source, User } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { SourceCapabilities } from './source-capabilities.ts';
import { SourceErrorCode } from './source-error-code.ts';

const SourceState = builder.enumType('SourceState', {
  description: 'How well a source responds.',
  values: {
    UP: { description: 'It responds.' },
    DEGRADED: { description: 'Some recent requests failed.' },
    DOWN: {
      description:
        'It has failed so often that it is not asked for a while, or it has answered every request with 404, so its configured URL is probably wrong.',
    },
  } as const,
});

const SourceReader = builder.enumType('SourceReader', {
  description: 'As whom this server reads a source, which decides whose sessions you see.',
  values: {
    SERVER: {
      value: 'server',
      description: 'As this server: you see all sessions that its own credential shows, whoever they belong to.',
    },
    CALLER: {
      value: 'caller',
      description: 'With your own credential, which is passed on: you see the sessions that it shows.',
    },
    VIEWER: { value: 'viewer', description: 'As you: you see your own sessions only.' },
    USER: { value: 'user', description: 'As one user, whoever asks: you see the sessions of that user only.' },
  } as const satisfies Record<string, { readonly value: Reading['as']; readonly description: string }>,
});

const SourceHealth = builder.objectRef<SourceHealthShape>('SourceHealth').implement({
  description: 'How a source has responded recently to the requests of this server, for all callers.',
  fields: (t) => ({
    state: t.expose('state', { type: SourceState, description: 'How well it responds.' }),
    lastErrorCode: t.expose('lastErrorCode', {
      type: SourceErrorCode,
      nullable: true,
      description:
        'Why the most recent failed request failed. It stays when the source recovers. Null when no request has failed.',
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it last began to fail, or recovered. Null when it has not been asked yet.',
      resolve: ({ since }) => (since === null ? null : parseInstant(since)),
    }),
  }),
});

Source.implement({
  description: 'One deployment of an agent platform that this graph reads.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. It is opaque: do not parse it.',
      resolve: ({ id }) => toSourceNodeId(id),
    }),
    slug: t.exposeString('id', {
      description: 'Its short id, as the configuration of this server names it, such as `support-prod`.',
    }),
    name: t.exposeString('name', { description: 'Its display name.' }),
    provider: t.expose('provider', { type: Provider, description: 'The kind of platform.' }),
    readAs: t.field({
      type: SourceReader,
      description: 'As whom this server reads it for you.',
      resolve: ({ id }, _args, context) => context.readingOf(id).as,
    }),
    readAsUser: t.field({
      type: User,
      nullable: true,
      description:
        'The only user whose sessions you see: you, where it is read as `VIEWER`, or the user it is always read as, where it is `USER`. Null where it is read as `SERVER` or `CALLER`.',
      resolve: ({ id }, _args, context) => toUser(context.readingOf(id).userId),
    }),
    capabilities: t.expose('capabilities', {
      type: SourceCapabilities,
      description: 'What it supports itself. This server does the rest, at a higher cost.',
    }),
    health: t.field({
      type: SourceHealth,
      description: 'How it has responded recently. This field sends no request to the platform.',
      resolve: ({ id }, _args, context) => context.healthOf(id),
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'The sessions of this source only.',
      resolve: ({ id }, args, context) => sessionConnection(args, { sourceId: id }, context),
    }),
    agents: t.field({
      type: AgentConnection,
      nullable: true,
      args: agentArguments,
      description: 'The agents of this source only, newest first unless `orderBy` says otherwise.',
      resolve: ({ id }, args, context) => agentConnection(args, id, context),
    }),
    teams: t.field({
      type: TeamConnection,
      nullable: true,
      args: teamArguments,
      description: 'The teams of this source only, newest first unless `orderBy` says otherwise.',
      resolve: ({ id }, args, context) => teamConnection(args, id, context),
    }),
    workflows: t.field({
      type: WorkflowConnection,
      nullable: true,
      args: workflowArguments,
      description: 'The workflows of this source only, by name unless `orderBy` says otherwise.',
      resolve: ({ id }, args, context) => workflowConnection(args, id, context),
    }),
  }),
});
