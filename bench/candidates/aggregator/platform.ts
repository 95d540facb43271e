import type { Agent, Row, Status } from './row.ts';

/** Asks a platform for JSON. Below the merge, the candidates that share this folder differ in nothing else. */
export type Get = (path: string, headers: Readonly<Record<string, string>>) => Promise<unknown>;

/** One list of sessions, newest first. */
export interface List {
  readonly id: string;
  /** The rows that follow a position, at least as many as wanted unless the list ends. */
  read(position: Position, wanted: number): Promise<Window>;
}

/** How many rows came before, or the id of the last of them. */
export type Position = number | string | null;

export interface Window {
  readonly rows: readonly Row[];
  /** Where to go on after so many of these rows. */
  readonly positionAfter: (count: number) => Position;
  readonly hasMore: boolean;
}

/** A source for the time of one query. */
export interface Source {
  readonly id: string;
  /** Those that a session of this platform can have. */
  readonly statuses: readonly Status[];
  lists(): Promise<readonly List[]>;
  /** Starts whatever the agents will need, together with the lists. */
  prepareAgents(): void;
  agent(agentId: string): Promise<Agent | null>;
}

export type CreateSource = (id: string, get: Get, user: string) => Source;
