import type { ComponentKind } from '../../src/sandbox/agno-data.ts';
import type { Reply } from '../../src/sandbox/exchange.ts';
import type { Platform } from '../../src/sandbox/platform.ts';
import type { NewMessage, NewTurn } from './dialogues.ts';

/** Points where the platforms are undocumented, differ between versions, or misbehave only sometimes. */
export interface Quirks {
  /** Equal creation times come in another order on every request. */
  readonly shuffleTies?: boolean;
  /** Foundry: a cursor id that the list does not hold. */
  readonly unknownAfter?: 'error' | 'empty';
  /** Foundry: session operations without `Foundry-Features` are 403, as the first `v1` preview did. */
  readonly requireFeatureHeader?: boolean;
  /** Foundry: a deleted session leaves the list instead of lingering as `deleted`. */
  readonly purgeDeleted?: boolean;
  /** Everruns: one version drops the filter when `agent_id` is unknown and returns the whole organization. */
  readonly unknownAgent?: 'empty' | 'everything';
  /** Everruns: a version that does not know `agent_id` returns the whole organization whatever it says. */
  readonly ignoresAgentId?: boolean;
  /** Agno 2.9 and later: what `/info` calls its version; an AgentOS run from a checkout says `0.0.0`. */
  readonly agnoVersion?: string;
  /** Agno: the ids of its databases, over which agents, teams and workflows are spread. */
  readonly databases?: readonly string[];
}

export interface SessionChange {
  readonly title?: string | null;
  readonly status?: string;
  readonly user?: string;
  /** Milliseconds. */
  readonly updatedAt?: number;
}

export interface NewSession extends SessionChange {
  readonly id?: string;
  /** Default: an agent that exists. Agno: the id of the team or workflow where `kind` says so. */
  readonly agent?: string;
  /** Milliseconds; null leaves it out where the platform allows that (Agno). Default: later than all others. */
  readonly createdAt?: number | null;
  /** Overrides `createdAt` where milliseconds are too coarse. */
  readonly createdAtMicros?: number;
  /** Agno only. */
  readonly kind?: ComponentKind;
  /** Agno only: it has no name and its first message is a list, so every answer that would hold it is a 500. */
  readonly unreadable?: boolean;
  /** Default: what a seeded session like this one tells. */
  readonly dialogue?: readonly NewTurn[];
}

export interface NewAgent {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  /** AgentScope: whose agent it is. */
  readonly user?: string;
  /** Foundry: `hosted` (default) or `prompt`; Agno: `agent` (default), `team` or `workflow`. */
  readonly kind?: string;
}

/**
 * What tests may change and look up while the platform runs. An owner is a user; on Everruns it is an organization id.
 * On Foundry, where an id is unique only within its agent, `agent/session` is accepted wherever an id is.
 */
export interface StoreControls {
  addSession(input?: NewSession): string;
  updateSession(id: string, change: SessionChange): boolean;
  deleteSession(id: string): boolean;
  /** The whole conversation, instead of the one that it had. The session is updated when its last message is written. */
  setDialogue(sessionId: string, turns: readonly NewTurn[]): boolean;
  /** Adds exactly one message at the end, and changes none before it. */
  appendMessage(sessionId: string, message: NewMessage): boolean;
  addAgent(input?: NewAgent): string;
  deleteAgent(id: string): boolean;
  /** Newest first. Without an owner: what a client with the default identity can reach. */
  sessionIds(owner?: string): readonly string[];
  agentIds(owner?: string): readonly string[];
  ownerOf(sessionId: string): string | null;
  agentOf(sessionId: string): string | null;
}

/** A platform with its quirks, and what tests do to it. */
export interface ControlledPlatform extends Platform {
  readonly controls: StoreControls;
  /** How this platform words an error of this status. */
  readonly errorReply: (status: number) => Reply;
}

/** Whether there was one to remove. */
export function removeAt(items: unknown[], index: number): boolean {
  if (index !== -1) items.splice(index, 1);
  return index !== -1;
}
