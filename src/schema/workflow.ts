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
  description: 'A sequence of steps that agents and teams carry out.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('workflow', provider),
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. It is opaque: do not parse it.',
      resolve: (workflow) => toNodeId('workflow', workflow),
    }),
    nativeId: t.exposeString('nativeId', { description: 'Its id on the platform.' }),
    source: t.field({
      type: Source,
      description: 'The source that the workflow belongs to.',
      resolve: (workflow, _args, context) => sourceOf(workflow, context),
    }),
    name: t.exposeString('name', { nullable: true, description: 'Its display name. Null when it has none.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for. Null when the platform has no description.',
    }),
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
