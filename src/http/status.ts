import type { UpstreamCode } from '../domain/errors.ts';

/** What a status means as a failure; null for a success. */
export function toFailureCode(status: number): UpstreamCode | null {
  if (status >= 200 && status < 300) return null;
  switch (status) {
    case 401:
      return 'UPSTREAM_UNAUTHENTICATED';
    case 403:
      return 'UPSTREAM_FORBIDDEN';
    case 404:
      return 'UPSTREAM_NOT_FOUND';
    case 408:
      return 'UPSTREAM_TIMEOUT';
    case 429:
      return 'UPSTREAM_RATE_LIMITED';
    default:
      if (status >= 500) return 'UPSTREAM_UNAVAILABLE';
      return status >= 400 ? 'UPSTREAM_REJECTED' : 'UPSTREAM_BAD_RESPONSE';
  }
}

// Not 500: these platforms answer it to requests they will never manage (AgentScope 2.0.1 for good, once a session's name is
// null; Agno 2.3 for a limit over 100), and say 502, 503 or 504 when another moment may be better.
const passing: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export function isPassing(status: number): boolean {
  return passing.has(status);
}
