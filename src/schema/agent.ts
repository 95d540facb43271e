import { referencedEntity } from '../entities/reference.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { entityFields, namedFields } from './entity-fields.ts';
import { idKey } from './id-key.ts';
import { Agent, Node } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { typeName } from './type-names.ts';

Agent.implement({
  description: 'An agent of one of the platforms.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('agent', provider),
  fields: (t) => ({
    ...entityFields(t, 'agent', { noun: 'agent', nativeId: 'Its id on the platform.' }),
    ...namedFields(t),
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
