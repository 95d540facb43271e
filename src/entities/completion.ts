import type { OperationContext } from '../context.ts';
import type { SessionRecord, WorkflowRecord } from '../domain/records.ts';
import { isSessionCopy, readSession } from './session-copy.ts';

type Read<Parent> = (parent: Parent, context: OperationContext) => Promise<Parent>;

/** How to read the rest of a record whose row does not have everything; the names are those of `FieldShape.needs`. */
export interface Completion<Parent> {
  readonly complete: Read<Parent>;
  readonly detail: Read<Parent>;
}

export const sessionCompletion: Completion<SessionRecord> = {
  complete: completeSession,
  // Falls back to the row at hand when the session has been deleted meanwhile.
  detail: async (session, context) =>
    (await context.loaders.sessionDetail.load(session)) ?? readSession(session, context),
};

export const workflowCompletion: Completion<WorkflowRecord> = {
  ...alreadyComplete(),
  detail: async (workflow, context) => (await context.loaders.workflowDetail.load(workflow)) ?? workflow,
};

/** For records whose row has everything. */
export function alreadyComplete<Parent>(): Completion<Parent> {
  const keep: Read<Parent> = async (parent) => parent;
  return { complete: keep, detail: keep };
}

/** Some lists leave out the user and the agent of a session; then the session itself is read, once somebody asks for them. */
export async function completeSession(session: SessionRecord, context: OperationContext): Promise<SessionRecord> {
  if (isSessionCopy(session)) return readSession(session, context);
  if (session.complete) return session;
  return (await context.loaders.session.load(session)) ?? session;
}
