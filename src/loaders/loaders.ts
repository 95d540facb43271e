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

/** Records of one kind, each read at most once in an operation. Null when there is no such record. */
export interface EntityLoader<Row> {
  load(ref: EntityRef): Promise<Row | null>;
  prime(ref: EntityRef, row: Row): void;
}

/** One loader for each kind of record, over all sources of one operation. */
export type EntityLoaders = { readonly [Name in EntityName]: EntityLoader<EntityRecords[Name]> };

export interface Loaders extends EntityLoaders {
  /** Sessions with the fields that lists or lookups leave out. */
  readonly sessionDetail: EntityLoader<SessionRecord>;
  /** Workflows with the fields that only a lookup has. */
  readonly workflowDetail: EntityLoader<WorkflowRecord>;
  /** All versions of an agent. */
  readonly versionsOfAgent: EntityLoader<readonly EntityRecord[]>;
  /** Remembers a session of a list, unless the list leaves out what a lookup has. */
  primeSession(session: SessionRecord): void;
}
