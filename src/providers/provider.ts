import type { z } from 'zod';
import type { AgentRecord, EntityRecord, SessionRecord, TeamRecord, WorkflowRecord } from '../domain/records.ts';
import type { Upstream } from '../http/upstream.ts';
import type { ObjectShape } from './shape.ts';
import type { Source } from './source.ts';

/** What a provider folder plugs in: who it is, what its things look like, how to ask it. */
export interface Provider<Settings> {
  /** In configuration files, e.g. `agno`. */
  readonly name: string;
  /** For people, e.g. `Agno AgentOS`. */
  readonly title: string;
  /** What its sources may say in the configuration beside what every source may. */
  readonly settings: z.ZodType<Settings>;
  /** Whether a source must say whose sessions it reads (`user`), may, or has no such notion. */
  readonly user: 'required' | 'optional' | 'unsupported';
  readonly types: ProviderTypes;
  /** The tokens that the row of a session counts; null when it counts none. */
  totalTokensOf(session: SessionRecord): number | null;
  /** How a request names the user whose sessions it may see. */
  identify(user: string, settings: Settings): Identity;
  /** Once for each configured source; what it remembers must not depend on who asks. */
  configure(config: SourceConfig<Settings>): ConfiguredSource;
}

export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** What a call says of the user whose sessions it may see, null for everybody's. */
export function asUser<Settings>(provider: Provider<Settings>, user: string | null, settings: Settings) {
  const identity: Identity = user === null ? { headers: {}, query: {} } : provider.identify(user, settings);
  return { user, identity };
}

/** The GraphQL types of a provider's records: their fields beside those of the interfaces. */
export interface ProviderTypes {
  readonly session: ObjectShape<SessionRecord>;
  readonly agent: ObjectShape<AgentRecord>;
  readonly team: ObjectShape<TeamRecord> | null;
  readonly workflow: ObjectShape<WorkflowRecord> | null;
  readonly agentVersion: ObjectShape<EntityRecord> | null;
}

export interface SourceConfig<Settings> {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly settings: Settings;
}

/** What the operation selects of the provider's types. */
export interface Selected {
  /** Whether it selects this field of sessions: a large value that nobody selects is not kept. */
  ofSessions(field: string): boolean;
  /** Whether it selects of sessions' agents what only the agents themselves tell: then they are read beside the sessions. */
  agents(): boolean;
}

export interface ConfiguredSource {
  /** The source for one operation. */
  connect(upstream: Upstream, selected: Selected): Source;
  /** Asks for as little as shows whether the platform is there and is what it should be; fails as any request does. */
  tryOut(upstream: Upstream): Promise<unknown>;
}
