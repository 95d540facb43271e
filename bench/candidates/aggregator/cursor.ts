import type { Position } from './platform.ts';
import type { Place } from './row.ts';

/** The last row that the client has, and where each list goes on. */
export interface Cursor extends Place {
  readonly positions: Readonly<Record<string, Position>>;
}

export function encodeCursor({ moment, source, key }: Place, positions: Cursor['positions']): string {
  return Buffer.from(JSON.stringify([moment, source, key, positions])).toString('base64url');
}

export function decodeCursor(text: string): Cursor {
  const [moment, source, key, positions] = JSON.parse(Buffer.from(text, 'base64url').toString());
  return { moment, source, key, positions };
}
