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
  description: 'Something that can be talked to in sessions.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('agent', provider),
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. Opaque: do not take it apart.',
      resolve: (agent) => toNodeId('agent', agent),
    }),
    nativeId: t.exposeString('nativeId', { description: 'The id as the platform spells it.' }),
    source: t.field({
      type: Source,
      description: 'Where the agent lives.',
      resolve: (agent, _args, context) => sourceOf(agent, context),
    }),
    name: t.exposeString('name', { nullable: true, description: 'What people call it. Null when it has no name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, if anybody wrote that down.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The model it uses. Null when the platform does not tell or it has none of its own.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was created. Null when the platform does not tell.',
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'Its sessions.',
      resolve: ({ sourceId, key }, args, context) => sessionConnection(args, { agent: { sourceId, key } }, context),
    }),
  }),
});

builder.asEntity(Agent, {
  key: idKey,
  resolveReference: (reference, context) => referencedEntity('agent', null, reference, context),
});
