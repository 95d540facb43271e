import { toNodeId } from '../entities/node-id.ts';
import { referencedEntity } from '../entities/reference.ts';
import { sourceOf } from '../entities/source-of.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { idKey } from './id-key.ts';
import { Node, Source, Workflow } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { typeName } from './type-names.ts';

Workflow.implement({
  description: 'A fixed sequence of steps that agents and teams carry out.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('workflow', provider),
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. Opaque: do not take it apart.',
      resolve: (workflow) => toNodeId('workflow', workflow),
    }),
    nativeId: t.exposeString('nativeId', { description: 'The id as the platform spells it.' }),
    source: t.field({
      type: Source,
      description: 'Where the workflow lives.',
      resolve: (workflow, _args, context) => sourceOf(workflow, context),
    }),
    name: t.exposeString('name', { nullable: true, description: 'What people call it. Null when it has no name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, if anybody wrote that down.',
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'Its sessions.',
      resolve: ({ sourceId, key }, args, context) => sessionConnection(args, { workflow: { sourceId, key } }, context),
    }),
  }),
});

builder.asEntity(Workflow, {
  key: idKey,
  resolveReference: (reference, context) => referencedEntity('workflow', null, reference, context),
});
