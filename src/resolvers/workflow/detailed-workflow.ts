import type { OperationContext } from '../../context.ts';
import type { WorkflowRecord } from '../../domain/records.ts';

/** The workflow as it is when it is read alone; the row of the list when it is gone meanwhile. */
export async function detailedWorkflow(workflow: WorkflowRecord, context: OperationContext): Promise<WorkflowRecord> {
  return (await context.loaders.workflowDetail.load(workflow)) ?? workflow;
}
