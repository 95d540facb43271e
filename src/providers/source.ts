import type { Conversation } from '../conversation/conversation.ts';
import type { FilterName, SessionFilter } from '../domain/filter.ts';
import type {
  AgentRecord,
  EntityRecord,
  SessionKind,
  SessionRecord,
  SessionStatus,
  TeamRecord,
  WorkflowRecord,
} from '../domain/records.ts';
import type { Feed } from '../pagination/feed.ts';

export type OrderField = 'createdAt' | 'updatedAt';

/**
 * How a source answers a filter: by itself (`native`), by our looking at its rows (`local`), or not at all, because none of
 * its rows has such a value (`never`).
 */
export type FilterSupport = 'native' | 'local' | 'never';

export interface Capabilities {
  readonly filters: Readonly<Record<FilterName, FilterSupport>>;
  /** The kinds and statuses its sessions can have. */
  readonly kinds: readonly SessionKind[];
  readonly statuses: readonly SessionStatus[];
  /** What the platform can order its sessions by, itself or because it always answers its whole list. */
  readonly orders: readonly OrderField[];
  /** Whether each of its lists of sessions comes whole in one answer, so that further pages cost no request. */
  readonly listsWhole: boolean;
  /** Whether lists show sessions for a while after they were deleted, when they cannot be read alone any more. */
  readonly listsDeleted: boolean;
  readonly total: boolean;
}

export interface SessionQuery {
  readonly filter: SessionFilter;
  readonly orderBy: OrderField;
}

/** One answer for each asked key, in order: a value, null when there is none, or what went wrong with that key alone. */
export type BatchResult<Record> = readonly (Record | null | Error)[];

/** How the messages of a session are read, or why they cannot be, to go on after the name of the source. */
export type Conversations =
  | { readonly of: (session: SessionRecord) => Conversation; readonly unsupported: null }
  | { readonly of: null; readonly unsupported: string };

/**
 * One configured deployment, as one operation of one viewer sees it. What it has read once it keeps until the operation ends,
 * and no longer: two operations share nothing.
 */
export interface Source {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly capabilities: Capabilities;
  /** The lists that together hold every session the query asks for. Filters that are `native` are applied by them. */
  sessionFeeds(query: SessionQuery): Promise<readonly Feed<SessionRecord>[]>;
  sessions(keys: readonly string[]): Promise<BatchResult<SessionRecord>>;
  /** As `sessions`, with what lists or lookups leave out; for types that have fields which need it. */
  sessionDetails(keys: readonly string[]): Promise<BatchResult<SessionRecord>>;
  readonly conversations: Conversations;
  listAgents(): Promise<readonly AgentRecord[]>;
  agents(keys: readonly string[]): Promise<BatchResult<AgentRecord>>;
  listTeams(): Promise<readonly TeamRecord[]>;
  teams(keys: readonly string[]): Promise<BatchResult<TeamRecord>>;
  listWorkflows(): Promise<readonly WorkflowRecord[]>;
  workflows(keys: readonly string[]): Promise<BatchResult<WorkflowRecord>>;
  /** As `workflows`, with what lists leave out. */
  workflowDetails(keys: readonly string[]): Promise<BatchResult<WorkflowRecord>>;
  agentVersions(keys: readonly string[]): Promise<BatchResult<EntityRecord>>;
  /** All versions of each of these agents, newest first. */
  versionsOfAgents(agentKeys: readonly string[]): Promise<BatchResult<readonly EntityRecord[]>>;
}
