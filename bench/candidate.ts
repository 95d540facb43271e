import type { World } from './world.ts';

/** One way to answer the queries, in a process of its own that prints its URL. */
export interface Candidate {
  readonly name: string;
  /** What follows `node`; `folder` is for files that the candidate needs. */
  readonly command: (setting: Setting) => readonly string[];
}

export interface Setting {
  readonly world: World;
  /** Where the platform of each source is. */
  readonly urls: Readonly<Record<string, string>>;
  /** Empty, and gone when the candidate has ended. */
  readonly folder: string;
}
