import type { SourceHealth } from '../domain/source-health.ts';

/** Whether this process can answer requests, and if not, why. */
export interface Readiness {
  readonly isReady: boolean;
  /** For operators. It names no source, because the health check needs no authentication. Null when nothing is wrong. */
  readonly reason: string | null;
}

export function toReadiness(sources: readonly SourceHealth[]): Readiness {
  const isReady = sources.some(({ state }) => state !== 'DOWN');
  const failing = sources.filter(({ state }) => state !== 'UP');
  if (failing.some(({ lastErrorCode }) => lastErrorCode === 'UPSTREAM_NOT_FOUND')) {
    return { isReady, reason: 'The URL of a source looks wrong. See the log.' };
  }
  const isAll = failing.length === sources.length;
  return { isReady, reason: isAll ? 'No source answers correctly. See the log.' : null };
}

export const stopping: Readiness = { isReady: false, reason: 'The process is stopping.' };
