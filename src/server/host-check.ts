import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config/loopback.ts';
import type { ErrorResponse } from './error-response.ts';

/** Null when the request names this server by a host that may be used for it. */
export function checkHost({ url = '', headers }: IncomingMessage, onlyLoopback: boolean): ErrorResponse | null {
  const host = headers.host ?? '';
  // A host such as `/` is none, but is one before a path.
  if (
    !url.startsWith('/') ||
    host.includes('@') ||
    ![host, host + url].every((address) => URL.canParse(`http://${address}`))
  ) {
    return { status: 400, code: 'BAD_REQUEST', message: 'The request has no valid URL or no valid Host header.' };
  }
  if (onlyLoopback && !isLoopback(new URL(`http://${host}`).hostname)) {
    return { status: 403, code: 'FORBIDDEN', message: 'This server accepts only requests to a loopback host.' };
  }
  return null;
}
