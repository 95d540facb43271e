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
 * A tag for upstream paths: every value becomes one segment. Null when a value could name another path: servers and proxies
 * decode a path before they choose a route, some more than once, so no spelling of a slash or of `..` is safe.
 */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string | null {
  let result = literals[0] ?? '';
  for (const [index, value] of values.entries()) {
    if (!isSendable(value)) return null;
    result += encodeURIComponent(value) + (literals[index + 1] ?? '');
  }
  return result;
}

/** Whether an id may be sent to a platform at all, in a path or in a query. */
export function isSendable(id: string): boolean {
  const plain = withoutEscapes(id);
  // A zero byte ends a text for some programs, and PostgreSQL fails for it.
  return id !== '' && plain !== '.' && !/[/\\]|\.\./.test(plain) && !plain.includes('\0') && id.isWellFormed();
}

/** The text with every dot, slash, backslash, per cent sign and zero byte that it spells as an escape, however often escaped. */
function withoutEscapes(text: string): string {
  const plain = text.replaceAll(/%(00|2e|2f|5c|25)/gi, (spelling) => decodeURIComponent(spelling));
  return plain === text ? plain : withoutEscapes(plain);
}

/** What the platform itself calls the thing of this key: a key ends with it, whatever comes before to make it unique. */
export function nativeIdOf(key: string): string {
  return decodeURIComponent(key.slice(key.lastIndexOf('/') + 1));
}

/** What the platform calls the thing that the one of this key belongs to: a key of two parts begins with it. */
export function ownerIdOf(key: string): string {
  return decodeURIComponent(key.slice(0, key.indexOf('/')));
}
