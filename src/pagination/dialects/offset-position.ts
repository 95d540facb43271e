import type { Position } from '../feed.ts';
import type { Direction } from '../order.ts';

/** Where a row stands in one of the platform's lists. */
export interface Place {
  readonly list: Direction;
  readonly index: number;
}

export function toPosition({ list, index }: Place): Position {
  return `${list === 'desc' ? 'd' : 'a'}${index.toString(36)}`;
}

/** Positions come back from clients in cursors: what cannot be one is no hint. */
export function fromPosition(position: Position, directions: readonly Direction[]): Place | null {
  const list: Direction = position.startsWith('d') ? 'desc' : 'asc';
  const index = /^[da][0-9a-z]{1,7}$/.test(position) ? Number.parseInt(position.slice(1), 36) : Number.NaN;
  return Number.isInteger(index) && index < 2 ** 31 && directions.includes(list) ? { list, index } : null;
}
