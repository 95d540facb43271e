export type PlatformName = 'foundry' | 'everruns' | 'agentscope' | 'agno';
export type AgentScopeDialect = '2.0.0' | '2.0.1' | '2.0.6' | '2.0.10';
export type AgnoDialect = '2.3' | '2.9' | '3.1';

/** Points where the platforms are undocumented, differ between versions, or misbehave only sometimes. */
export interface Quirks {
  /** Equal creation times come in another order on every request. */
  readonly shuffleTies: boolean;
  /** Foundry: a cursor id that the list does not hold. */
  readonly unknownAfter: 'error' | 'empty';
  /** Foundry: session operations without `Foundry-Features` are 403, as the first `v1` preview did. */
  readonly requireFeatureHeader: boolean;
  /** Foundry: a deleted session leaves the list instead of lingering as `deleted`. */
  readonly purgeDeleted: boolean;
  /** Everruns: one version drops the filter when `agent_id` is unknown and returns the whole organization. */
  readonly unknownAgent: 'empty' | 'everything';
  /** Everruns: a version that does not know `agent_id` returns the whole organization whatever it says. */
  readonly ignoresAgentId: boolean;
  /** Agno: SQLite matches `session_name` against the whole serialised session data; other stores match the name. */
  readonly nameFilter: 'sqlite' | 'substring';
  /** Agno 2.9 and later: what `/info` calls its version; an AgentOS run from a checkout says `0.0.0`. */
  readonly agnoVersion: string;
  /** Agno: the ids of its databases. Agents, teams and workflows are spread over them, and sessions lie with theirs. */
  readonly databases: readonly string[];
}

export interface PlatformOptions {
  readonly platform: PlatformName;
  readonly dialect?: string;
  readonly seed?: number;
  readonly sessions?: number;
  readonly agents?: number;
  readonly users?: readonly string[];
  readonly timezoneOffsetMinutes?: number;
  readonly stateBytes?: number;
  readonly credential?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly quirks?: Partial<Quirks>;
  readonly port?: number;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query exactly as they arrived. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export type FaultKind =
  | 'status'
  | 'html'
  | 'wrong-content-type'
  | 'truncated-json'
  | 'other-shape'
  | 'reset'
  | 'reset-mid-body'
  | 'black-hole'
  | 'slow-headers'
  | 'slow-body'
  | 'huge-body'
  | 'redirect'
  | 'delay';

export interface Fault {
  /** Default: every request. */
  readonly match?: (request: RecordedRequest) => boolean;
  /** Default: until it is lifted. */
  readonly times?: number;
  readonly kind: FaultKind;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
  readonly bytes?: number;
  readonly location?: string;
}

export type ComponentKind = 'agent' | 'team' | 'workflow';

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
 * What tests may change while the platform runs. An owner is a user; on Everruns it is an organization id.
 * On Foundry, where an id is unique only within its agent, `agent/session` is accepted wherever an id is.
 */
export interface PlatformStore {
  addSession(input?: NewSession): string;
  updateSession(id: string, change: SessionChange): boolean;
  deleteSession(id: string): boolean;
  addAgent(input?: NewAgent): string;
  deleteAgent(id: string): boolean;
  /** Newest first. Without an owner: what a client with the default identity can reach. */
  sessionIds(owner?: string): readonly string[];
  agentIds(owner?: string): readonly string[];
  ownerOf(sessionId: string): string | null;
  agentOf(sessionId: string): string | null;
}

export interface RunningPlatform extends PlatformStore {
  readonly platform: PlatformName;
  readonly dialect: string | null;
  /** The base URL a client is configured with. */
  readonly url: string;
  /** In order of arrival; only the latest 20,000 are kept, so that a long run does not grow. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** Returns the function that lifts this fault. Several may be active; the first that matches wins. */
  fail(fault: Fault): () => void;
  heal(): void;
  close(): Promise<void>;
}
