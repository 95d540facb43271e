import type { AgnoClient } from './client.ts';
import type { AgnoSettings } from './settings.ts';

/**
 * Before 2.6 (`2.3`) each list is of one type, and its rows name neither their type nor their owner. From 2.6 on (`2.9`) one
 * list holds all, and its rows name both.
 */
export type AgnoDialect = Exclude<AgnoSettings['dialect'], 'auto'>;

/**
 * A server keeps its version, so the dialect is detected once. While the server gives no sign, the older dialect is used,
 * which every version understands.
 */
export function createDialectMemory(setting: AgnoSettings['dialect']): (client: AgnoClient) => Promise<AgnoDialect> {
  let remembered: AgnoDialect | null = setting === 'auto' ? null : setting;
  return async (client) => {
    remembered ??= await detectDialect(client);
    return remembered ?? '2.3';
  };
}

/** Null when neither the version nor a session shows it. */
async function detectDialect(client: AgnoClient): Promise<AgnoDialect | null> {
  const byVersion = toDialect(await client.readVersion());
  if (byVersion !== null) return byVersion;
  const session = await client.peekSession();
  if (session === null) return null;
  return session.session_type === null ? '2.3' : '2.9';
}

/** A server that runs from its sources says 0.0.0, which says nothing. */
function toDialect(version: string | null): AgnoDialect | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined || major === '0') return null;
  return Number(major) > 2 || (major === '2' && Number(minor) >= 6) ? '2.9' : '2.3';
}
