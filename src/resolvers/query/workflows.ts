import type { Connection } from '../../connections/connection.ts';
import { listConnection } from '../../connections/whole-list.ts';
import type { OperationContext } from '../../context.ts';
import type { WorkflowRecord } from '../../domain/records.ts';
import type { PageArguments } from '../../pagination/arguments.ts';

export function workflowConnection(
  page: PageArguments,
  sourceIds: readonly string[] | null,
  context: OperationContext,
): Promise<Connection<WorkflowRecord>> {
  return listConnection<WorkflowRecord>(
    page,
    {
      name: 'workflows',
      // No platform tells when a workflow was made.
      orderOf: () => ({ moment: null }),
      async load(source) {
        const workflows = await source.listWorkflows();
        for (const workflow of workflows) context.loaders.workflow.prime(workflow, workflow);
        return workflows;
      },
    },
    sourceIds,
    context,
  );
}
