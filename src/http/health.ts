import type { UpstreamCode } from '../domain/errors.ts';
import type { SourceHealth } from '../domain/source-health.ts';

export interface Health {
  succeeded(): void;
  failed(code: UpstreamCode): void;
  breakerOpened(): void;
  read(): SourceHealth;
}

export function createHealth(settings: { readonly breakerOpenMs: number; readonly now: () => number }): Health {
  const { now } = settings;
  let failing: boolean | null = null;
  let lastErrorCode: UpstreamCode | null = null;
  let since: string | null = null;
  let openUntil = Number.NEGATIVE_INFINITY;
  let hasAnswered = false;

  function turn(isFailing: boolean): void {
    if (failing === isFailing) return;
    failing = isFailing;
    since = new Date().toISOString();
  }

  function holdOff(): void {
    openUntil = now() + settings.breakerOpenMs;
  }

  return {
    succeeded() {
      hasAnswered = true;
      turn(false);
    },
    failed(code) {
      lastErrorCode = code;
      // What has answered before is where it should be.
      if (code === 'UPSTREAM_NOT_FOUND' && !hasAnswered) holdOff();
      turn(true);
    },
    breakerOpened: holdOff,
    read() {
      // Open only until a probe is allowed: were it DOWN for longer, a process taken out of rotation for it would get no
      // request that could be the probe, and never come back.
      const open = now() < openUntil;
      const state = failing === true ? (open ? 'DOWN' : 'DEGRADED') : open ? 'DEGRADED' : 'UP';
      return { state, lastErrorCode, since };
    },
  };
}
