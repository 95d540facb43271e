import type { Connection } from '../../connections/connection.ts';
import { type ListArguments, wholeListConnection } from '../../connections/whole-list.ts';
import type { OperationContext } from '../../context.ts';
import type { WorkflowRecord } from '../../domain/records.ts';

/** The workflows of all sources, or of `only` this one. */
export function workflowConnection(
  args: ListArguments,
  only: string | undefined,
  context: OperationContext,
): Promise<Connection<WorkflowRecord>> {
  return wholeListConnection(
    args,
    {
      name: 'workflows',
      // No platform reports when a workflow was created.
      defaultOrder: 'NAME',
      async load(source) {
        const workflows = await source.listWorkflows();
        for (const workflow of workflows) context.loaders.workflow.prime(workflow, workflow);
        return workflows;
      },
    },
    only,
    context,
  );
}
