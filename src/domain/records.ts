import type { Instant } from './instant.ts';

export type SessionKind = 'AGENT' | 'TEAM' | 'WORKFLOW';

export type SessionStatus = 'STARTING' | 'RUNNING' | 'WAITING' | 'IDLE' | 'FAILED' | 'ENDED' | 'UNKNOWN';

/** Names one thing of one source. */
export interface EntityRef {
  readonly sourceId: string;
  readonly key: string;
}

/** What every record has; `row` holds what only its platform has, and only that provider reads it. */
export interface EntityRecord<Row = unknown> extends EntityRef {
  readonly provider: string;
  readonly nativeId: string;
  readonly row: Row;
}

/** What every platform's sessions have in common. */
export interface SessionFacts extends EntityRef {
  readonly provider: string;
  readonly nativeId: string;
  readonly kind: SessionKind;
  /** The platform's own name for it, and nothing else. */
  readonly title: string | null;
  /** The beginning of the conversation, where the platform shows one; lookups may leave it out. */
  readonly preview: string | null;
  readonly status: SessionStatus;
  readonly nativeStatus: string | null;
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
  readonly userId: string | null;
  readonly agentKey: string | null;
  readonly teamKey: string | null;
  readonly workflowKey: string | null;
  readonly tags: readonly string[];
}

export interface SessionRecord<Row = unknown> extends SessionFacts, EntityRecord<Row> {
  /** False when the row of a list has less than the session read alone, beside what no row has (Agno before 2.6). */
  readonly complete: boolean;
}

export interface AgentRecord<Row = unknown> extends EntityRecord<Row> {
  readonly name: string | null;
  readonly description: string | null;
  readonly model: string | null;
  readonly createdAt: Instant | null;
}

export interface TeamMemberRecord {
  /** The member as embedded in the team: platforms may refuse to show it alone. */
  readonly agent: AgentRecord | null;
  readonly team: TeamRecord | null;
  readonly session: EntityRef | null;
}

export interface TeamRecord<Row = unknown> extends EntityRecord<Row> {
  readonly name: string | null;
  readonly description: string | null;
  readonly createdAt: Instant | null;
  readonly leader: AgentRecord | null;
  readonly members: readonly TeamMemberRecord[];
}

export interface WorkflowRecord<Row = unknown> extends EntityRecord<Row> {
  readonly name: string | null;
  readonly description: string | null;
}
