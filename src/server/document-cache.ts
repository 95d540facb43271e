import { LRUCache } from 'lru-cache';

// In characters of source text: a parsed document takes many times the memory of its text.
const maxSize = 1_000_000;

/** What Yoga keeps by the text of a document. Its own cache counts documents, however large they are. */
export function createDocumentCache<Value extends object>(): LRUCache<string, Value> {
  return new LRUCache({ maxSize, sizeCalculation: (_value, text) => Math.max(1, text.length) });
}
