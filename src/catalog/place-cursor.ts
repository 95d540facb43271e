import { fromCursorOfParts, toCursorOfParts, unreadableCursor } from '../pagination/cursor-text.ts';
import type { CatalogOrderField, CatalogPlace } from './query.ts';

const version = 'c1';
const refusal = 'The cursor belongs to a list with another search, filter or order.';

/** A cursor in a list of the catalog; `fingerprint` stands for what is listed and its order. */
export function encodeCatalogPlace({ moment, sourceId, key }: CatalogPlace, fingerprint: string): string {
  return toCursorOfParts(version, fingerprint, [moment, sourceId, key]);
}

export function decodeCatalogPlace(text: string, field: CatalogOrderField, fingerprint: string): CatalogPlace {
  const [moment, sourceId, key] = fromCursorOfParts(text, { version, fingerprint, refusal });
  if (!isMoment(moment, field) || typeof sourceId !== 'string' || typeof key !== 'string') throw unreadableCursor();
  return { moment, sourceId, key };
}

function isMoment(value: unknown, field: CatalogOrderField): value is CatalogPlace['moment'] {
  if (value === null) return true;
  return field === 'title' ? typeof value === 'string' : typeof value === 'number' && Number.isFinite(value);
}
