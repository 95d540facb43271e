import { toNodeId } from '../entities/node-id.ts';
import { referencedEntity } from '../entities/reference.ts';
import { sourceOf } from '../entities/source-of.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { idKey } from './id-key.ts';
import { Agent, Node, Source } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { typeName } from './type-names.ts';

Agent.implement({
  description: 'An agent of one of the platforms.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('agent', provider),
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. It is opaque: do not parse it.',
      resolve: (agent) => toNodeId('agent', agent),
    }),
    nativeId: t.exposeString('nativeId', { description: 'Its id on the platform.' }),
    source: t.field({
      type: Source,
      description: 'The source that the agent belongs to.',
      resolve: (agent, _args, context) => sourceOf(agent, context),
    }),
    name: t.exposeString('name', { nullable: true, description: 'Its display name. Null when it has none.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for. Null when the platform has no description.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description:
        'The model it uses. Null when the platform does not report it, or the agent has no model of its own.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was created. Null when the platform does not report it.',
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'The sessions that run this agent.',
      resolve: ({ sourceId, key }, args, context) => sessionConnection(args, { agent: { sourceId, key } }, context),
    }),
  }),
});

builder.asEntity(Agent, {
  key: idKey,
  resolveReference: (reference, context) => referencedEntity('agent', null, reference, context),
});
