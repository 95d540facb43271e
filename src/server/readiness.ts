import type { SourceHealth } from '../domain/source-health.ts';

/** Whether this process is worth sending requests to, and why it may not be. */
export interface Readiness {
  readonly isReady: boolean;
  /** For whoever runs the process, who need not have signed in: it names no source. Null when nothing is wrong. */
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
