/** What was parsed, by its text: the least lately used go when all texts together are too long. */
export interface DocumentCache<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
}

// A tree takes many times the memory of its text.
const maxCharacters = 1_000_000;

export function createDocumentCache<Value>(): DocumentCache<Value> {
  const values = new Map<string, Value>();
  let characters = 0;
  return {
    get(text) {
      const value = values.get(text);
      if (value === undefined) return undefined;
      values.delete(text);
      values.set(text, value);
      return value;
    },
    set(text, value) {
      if (!values.has(text)) characters += text.length;
      values.set(text, value);
      for (const oldest of values.keys()) {
        if (characters <= maxCharacters) break;
        values.delete(oldest);
        characters -= oldest.length;
      }
    },
  };
}
