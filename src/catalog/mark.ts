import { RequestError } from '../domain/errors.ts';
import { readCursorText, toCursorText } from '../pagination/cursor-text.ts';
import type { SourceState } from './store.ts';

/** How far the changes of each source are known, by its id, in one epoch of the store. */
export interface Mark {
  readonly epoch: string;
  readonly positions: ReadonlyMap<string, Position>;
}

export interface Position {
  /** What changed up to this version was told. */
  readonly version: number;
  /**
   * The last version when nothing else was left to be told. Later changes up to `version` were told only if no newer one of the
   * same session had taken their place.
   */
  readonly settled: number;
}

const name = 'mark1';

/** What is known of these sources by somebody who reads the catalog after its epoch and its states were read, in this order. */
export function markOf(epoch: string, states: ReadonlyMap<string, SourceState>, sourceIds: Iterable<string>): Mark {
  const positions = [...sourceIds].map((sourceId): [string, Position] => {
    const version = states.get(sourceId)?.version ?? 0;
    return [sourceId, { version, settled: version }];
  });
  return { epoch, positions: new Map(positions) };
}

export function toMarkText({ epoch, positions }: Mark): string {
  const written = [...positions].map(([sourceId, { version, settled }]) =>
    version === settled ? [sourceId, version] : [sourceId, version, settled],
  );
  return toCursorText(JSON.stringify([name, epoch, written]));
}

export function fromMarkText(text: string): Mark {
  const plain = readCursorText(text);
  const mark = plain === null ? null : toMark(parse(plain));
  if (mark === null) throw new RequestError('BAD_CURSOR', 'The mark was not made by this graph, or is incomplete.');
  return mark;
}

function toMark(read: unknown): Mark | null {
  const [kind, epoch, written]: unknown[] = Array.isArray(read) ? read : [];
  if (kind !== name || typeof epoch !== 'string' || !Array.isArray(written)) return null;
  const positions = new Map<string, Position>();
  for (const [sourceId, version, settled = version] of written) {
    if (typeof sourceId !== 'string' || !Number.isSafeInteger(version) || !Number.isSafeInteger(settled)) return null;
    positions.set(sourceId, { version, settled });
  }
  return { epoch, positions };
}

function parse(plain: string): unknown {
  try {
    return JSON.parse(plain);
  } catch {
    // It is a cursor of another kind.
    return null;
  }
}
