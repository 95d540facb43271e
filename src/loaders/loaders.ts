import type {
  AgentRecord,
  EntityRecord,
  EntityRef,
  SessionRecord,
  TeamRecord,
  WorkflowRecord,
} from '../domain/records.ts';
import type { EntityName } from '../providers/shape.ts';

export interface EntityRecords extends Record<EntityName, EntityRecord> {
  readonly session: SessionRecord;
  readonly agent: AgentRecord;
  readonly team: TeamRecord;
  readonly workflow: WorkflowRecord;
  readonly agentVersion: EntityRecord;
}

/** Records of one kind, each read once in an operation; null for what is gone. */
export interface EntityLoader<Row> {
  load(ref: EntityRef): Promise<Row | null>;
  prime(ref: EntityRef, row: Row): void;
}

/** One loader for each kind of record, over all sources of one operation. */
export type EntityLoaders = { readonly [Name in EntityName]: EntityLoader<EntityRecords[Name]> };

export interface Loaders extends EntityLoaders {
  /** Sessions with what lists or lookups leave out. */
  readonly sessionDetail: EntityLoader<SessionRecord>;
  /** Workflows with what only a workflow read alone tells. */
  readonly workflowDetail: EntityLoader<WorkflowRecord>;
  /** All versions of an agent. */
  readonly versionsOfAgent: EntityLoader<readonly EntityRecord[]>;
  /** Remembers a row of a list, unless it tells less than the single session does. */
  primeSession(session: SessionRecord): void;
}
