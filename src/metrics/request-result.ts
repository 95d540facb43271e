import type { RequestRecord } from '../observation/observer.ts';

export const requestResults = [
  'answered',
  'unauthenticated',
  'forbidden',
  'not_found',
  'rate_limited',
  'rejected',
  'server_error',
  'timeout',
  'unavailable',
  'unreadable',
  'abandoned',
] as const;

/** What became of a request to a platform, in a few fixed words. */
export type RequestResult = (typeof requestResults)[number];

export function toRequestResult({ status, failure }: Pick<RequestRecord, 'status' | 'failure'>): RequestResult {
  if (status !== null) return toStatusResult(status);
  switch (failure) {
    case 'ABANDONED':
      return 'abandoned';
    case 'UPSTREAM_TIMEOUT':
      return 'timeout';
    case 'UPSTREAM_BAD_RESPONSE':
      return 'unreadable';
    case 'UPSTREAM_REJECTED':
      return 'rejected';
    default:
      return 'unavailable';
  }
}

function toStatusResult(status: number): RequestResult {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 408:
      return 'timeout';
    case 429:
      return 'rate_limited';
    default:
      if (status >= 500) return 'server_error';
      return status >= 400 ? 'rejected' : 'answered';
  }
}
