import type { UpstreamCode } from '../../src/domain/errors.ts';
import type { Fault } from '../sandbox-controls/faults.ts';

/** What a platform is made to do wrong, and what a client is to be told of it. */
export interface UpstreamFault {
  readonly name: string;
  readonly code: UpstreamCode;
  readonly wrong: WrongAnswer | WrongConnection;
  /** The request never ends by itself: only a time limit ends it, so that one is short. */
  readonly hangs?: true;
  /** What the log says of it, where the code alone would be the same had the fault been overlooked. */
  readonly logged?: string;
}

interface WrongAnswer {
  readonly place: 'answer';
  readonly fault: Fault;
}

interface WrongConnection {
  readonly place: 'connection';
  readonly kind: 'refused' | 'unknown-authority';
}

/** Small, so that a download of 100 MB is seen to be broken off long before its end. */
export const maxResponseBytes = 2 * 1024 * 1024;

/** In every body and header a platform sends along with a fault. */
export const upstreamWords = 'upstream-words-that-must-not-leak';

const errorBody = JSON.stringify({ detail: upstreamWords, error: { message: upstreamWords } });
const htmlPage = `<html><body><h1>${upstreamWords}</h1></body></html>`;

/** `elsewhere` is the address of another host, which must never be asked. */
export function upstreamFaults(elsewhere: string): readonly UpstreamFault[] {
  const answer = (fault: Fault): WrongAnswer => ({ place: 'answer', fault });
  const status = (code: number, headers: Readonly<Record<string, string>> = {}) =>
    answer({ kind: 'status', status: code, body: errorBody, headers: { ...headers, 'x-detail': upstreamWords } });
  return [
    { name: 'a refused connection', code: 'UPSTREAM_UNAVAILABLE', wrong: { place: 'connection', kind: 'refused' } },
    {
      name: 'a certificate of an unknown authority',
      code: 'UPSTREAM_UNAVAILABLE',
      wrong: { place: 'connection', kind: 'unknown-authority' },
    },
    {
      name: 'a reset in the midst of the body',
      code: 'UPSTREAM_UNAVAILABLE',
      wrong: answer({ kind: 'reset-mid-body' }),
    },
    { name: 'a black hole', code: 'UPSTREAM_TIMEOUT', wrong: answer({ kind: 'black-hole' }), hangs: true },
    { name: 'headers that never end', code: 'UPSTREAM_TIMEOUT', wrong: answer({ kind: 'slow-headers' }), hangs: true },
    { name: 'a body that trickles', code: 'UPSTREAM_TIMEOUT', wrong: answer({ kind: 'slow-body' }), hangs: true },
    { name: '500', code: 'UPSTREAM_UNAVAILABLE', wrong: status(500) },
    { name: '503 with Retry-After', code: 'UPSTREAM_UNAVAILABLE', wrong: status(503, { 'retry-after': '3600' }) },
    { name: '429', code: 'UPSTREAM_RATE_LIMITED', wrong: status(429) },
    { name: '401', code: 'UPSTREAM_UNAUTHENTICATED', wrong: status(401) },
    {
      name: 'an HTML page with 403',
      code: 'UPSTREAM_FORBIDDEN',
      wrong: answer({ kind: 'html', status: 403, body: htmlPage }),
    },
    {
      name: 'a wrong content type',
      code: 'UPSTREAM_BAD_RESPONSE',
      wrong: answer({ kind: 'wrong-content-type', headers: { 'content-type': 'text/html' } }),
    },
    { name: 'truncated JSON', code: 'UPSTREAM_BAD_RESPONSE', wrong: answer({ kind: 'truncated-json' }) },
    {
      name: 'JSON of another shape',
      code: 'UPSTREAM_BAD_RESPONSE',
      wrong: answer({ kind: 'other-shape', body: JSON.stringify({ message: upstreamWords }) }),
    },
    {
      name: 'a body of 100 MB',
      code: 'UPSTREAM_BAD_RESPONSE',
      wrong: answer({ kind: 'huge-body', bytes: 100 * 1024 * 1024 }),
      logged: `larger than ${maxResponseBytes} bytes`,
    },
    {
      name: 'a redirect to another host',
      code: 'UPSTREAM_BAD_RESPONSE',
      wrong: answer({ kind: 'redirect', location: `${elsewhere}/${upstreamWords}` }),
    },
  ];
}
