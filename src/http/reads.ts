import type { ReadKind } from '../domain/read-kind.ts';
import type { KeptAnswer } from './kept-answers.ts';

/** Which answer was read, without the answer. */
export interface ReadMark {
  readonly name: string;
  readonly kind: ReadKind;
  /** How it was asked for, for whoever observes. */
  readonly target: string;
  readonly serial: number;
}

/** An answer that an operation was given because it was kept. */
export interface KeptRead extends ReadMark, Pick<KeptAnswer, 'value' | 'bytes'> {}

/** What one operation has read of one source. */
export interface Reads {
  /** Who reads the same again wants to see whether it has changed. */
  has(name: string): boolean;
  noteKept(read: KeptRead): void;
  /** What was made of it was given, and whoever observes was told. False when that is known already. */
  noteGiven(name: string): boolean;
  wasGiven(name: string): boolean;
  noteAsked(name: string): void;
  /** All of it, if all of it was kept and read once: only then could another operation be given just the same. Else null. */
  allKept(): readonly KeptRead[] | null;
}

export function createReads(): Reads {
  const names = new Set<string>();
  const given = new Set<string>();
  const kept: KeptRead[] = [];
  let isAllKept = true;
  return {
    has: (name) => names.has(name),
    noteKept(read) {
      names.add(read.name);
      kept.push(read);
    },
    noteGiven(name) {
      const isNew = !given.has(name);
      given.add(name);
      return isNew;
    },
    wasGiven: (name) => given.has(name),
    noteAsked(name) {
      names.add(name);
      isAllKept = false;
    },
    allKept: () => (isAllKept ? [...kept] : null),
  };
}
