import { parseInstant } from '../domain/instant.ts';
import type { SourceHealth as SourceHealthShape } from '../domain/source-health.ts';
import { toSourceNodeId } from '../resolvers/node-id.ts';
import { agentConnection } from '../resolvers/query/agents.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { teamConnection } from '../resolvers/query/teams.ts';
import { workflowConnection } from '../resolvers/query/workflows.ts';
import { builder } from './builder.ts';
import { AgentConnection, SessionConnection, TeamConnection, WorkflowConnection } from './connection.ts';
import { Provider } from './provider.ts';
import { Node, Source } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { SourceCapabilities } from './source-capabilities.ts';

const SourceState = builder.enumType('SourceState', {
  description: 'How well a source answers.',
  values: {
    UP: { description: 'It answers.' },
    DEGRADED: { description: 'Some requests have failed lately.' },
    DOWN: {
      description:
        'It failed so often that it is not asked for a while; or it has answered nothing but 404, so its URL looks wrong.',
    },
  } as const,
});

const SourceHealth = builder.objectRef<SourceHealthShape>('SourceHealth').implement({
  description: 'How a source has been doing lately, as seen by this server for all of its callers.',
  fields: (t) => ({
    state: t.expose('state', { type: SourceState, description: 'How well it answers.' }),
    lastErrorCode: t.exposeString('lastErrorCode', {
      nullable: true,
      description: 'What went wrong last, a code as in `outcomes`. Null when nothing has.',
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is in this state. Null when it has not been asked yet.',
      resolve: ({ since }) => (since === null ? null : parseInstant(since)),
    }),
  }),
});

Source.implement({
  description: 'One deployment of an agent platform that this graph reads.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. Opaque: do not take it apart.',
      resolve: ({ id }) => toSourceNodeId(id),
    }),
    sourceId: t.exposeString('id', { description: 'The id it has in the configuration, such as `support-prod`.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    provider: t.expose('provider', { type: Provider, description: 'Which kind of platform it is.' }),
    capabilities: t.expose('capabilities', {
      type: SourceCapabilities,
      description: 'What it can do itself, and what is done for it here at a higher price.',
    }),
    health: t.field({
      type: SourceHealth,
      description: 'How it has been doing lately. Asking this costs no request.',
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
      args: t.arg.connectionArgs(),
      description: 'The agents of this source only, newest first.',
      resolve: ({ id }, args, context) => agentConnection(args, [id], context),
    }),
    teams: t.field({
      type: TeamConnection,
      nullable: true,
      args: t.arg.connectionArgs(),
      description: 'The teams of this source only, newest first.',
      resolve: ({ id }, args, context) => teamConnection(args, [id], context),
    }),
    workflows: t.field({
      type: WorkflowConnection,
      nullable: true,
      args: t.arg.connectionArgs(),
      description: 'The workflows of this source only, in an order that stays the same.',
      resolve: ({ id }, args, context) => workflowConnection(args, [id], context),
    }),
  }),
});
