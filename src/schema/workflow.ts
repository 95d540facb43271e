import { referencedEntity } from '../entities/reference.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { entityFields, namedFields } from './entity-fields.ts';
import { idKey } from './id-key.ts';
import { Node, Workflow } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { typeName } from './type-names.ts';

Workflow.implement({
  description: 'A sequence of steps that agents and teams carry out.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('workflow', provider),
  fields: (t) => ({
    ...entityFields(t, 'workflow', { noun: 'workflow', nativeId: 'Its id on the platform.' }),
    ...namedFields(t),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'The sessions that run this workflow.',
      resolve: ({ sourceId, key }, args, context) => sessionConnection(args, { workflow: { sourceId, key } }, context),
    }),
  }),
});

builder.asEntity(Workflow, {
  key: idKey,
  resolveReference: (reference, context) => referencedEntity('workflow', null, reference, context),
});
