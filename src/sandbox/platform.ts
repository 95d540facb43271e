import type { PlatformRequest, Reply } from './exchange.ts';

/** What a platform answers over what it stores. Whoever holds the store may change it while the platform runs. */
export interface Platform<Store = unknown> {
  readonly basePath: string;
  readonly store: Store;
  answer(request: PlatformRequest): Reply;
}

export interface ModelOptions {
  /** Which version's behaviour is shown; null where the platform has one. */
  readonly dialect: string | null;
  /** The same seed gives the same data. */
  readonly seed: number;
  readonly sessions: number;
  readonly agents: number;
  readonly users: readonly string[];
  readonly timezoneOffsetMinutes: number;
  /** How much of a conversation a list of AgentScope carries with each session. */
  readonly stateBytes: number;
  /** The token that callers must show; null where everybody may ask. */
  readonly credential: string | null;
}
