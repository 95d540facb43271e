const listNames = ['data', 'sessions', 'agents', 'messages'];

/**
 * How many things an answer lists; null when it is no list. Platforms answer a list as such, or under one of these names. Other
 * lists are part of the one thing that was asked for.
 */
export function rowsOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return null;
  const list = Object.entries(value).find(([name, member]) => listNames.includes(name) && Array.isArray(member));
  return list === undefined ? null : list[1].length;
}
