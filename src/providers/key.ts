/**
 * Keys and path segments. Both come back from clients inside ids, so whatever they hold must stay one segment: a key can
 * never name another path of the platform.
 */

/** Joins parts into a key: `/` separates them and is escaped inside them. */
export function encodeKey(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

/** The parts of a key, or null when it is not a key of that many parts in its one spelling. */
export function decodeKey(key: string, count: number): readonly string[] | null {
  const segments = key.split('/');
  if (segments.length !== count) return null;
  try {
    const parts = segments.map((segment) => decodeURIComponent(segment));
    return parts.includes('') || encodeKey(...parts) !== key ? null : parts;
  } catch {
    return null;
  }
}

/**
 * A tag for upstream paths: every value becomes one segment. Null for `.`, `..` and the empty text, which no spelling keeps
 * from being read as a path by some server or proxy on the way.
 */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string | null {
  let result = literals[0] ?? '';
  for (const [index, value] of values.entries()) {
    if (value === '' || value === '.' || value === '..' || !value.isWellFormed()) return null;
    result += encodeURIComponent(value) + (literals[index + 1] ?? '');
  }
  return result;
}

/** What the platform itself calls the thing of this key: a key ends with it, whatever comes before to make it unique. */
export function nativeIdOf(key: string): string {
  return decodeURIComponent(key.slice(key.lastIndexOf('/') + 1));
}
