import type { WorkflowRecord } from '../domain/records.ts';
import { toNodeId } from '../resolvers/node-id.ts';
import { sourceOf } from '../resolvers/source-of.ts';
import type { ObjectFields } from './builder.ts';
import { Source } from './refs.ts';

/** What every workflow has. Only one platform has them, so there is no interface yet. */
export function workflowFields(t: ObjectFields<WorkflowRecord>) {
  return {
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
  };
}
