import { createHash, timingSafeEqual } from 'node:crypto';
import type { InboundAuth } from '../config/config.ts';
import type { Authentication, Authenticator } from './authentication.ts';
import { fromHeaderBytes } from './header-bytes.ts';

/** Believes what a proxy says of its callers once it has proved that it is the proxy. */
export function createProxyAuthenticator(auth: Extract<InboundAuth, { mode: 'header' }>): Authenticator {
  const expected = digest(auth.secret);
  return async (headers) => {
    // Digests, because timingSafeEqual wants equal lengths.
    if (!timingSafeEqual(digest(headers.get(auth.secretHeader) ?? ''), expected)) {
      return unauthenticated(
        headers.has(auth.secretHeader) ? 'the secret of the proxy is wrong' : 'no secret of the proxy',
      );
    }
    const id = fromHeaderBytes(headers.get(auth.header) ?? '');
    if (id === null) return unreadable;
    // A comma is what two headers of one name are joined by: the proxy's, and one the caller has sent before it.
    if (id === '') return unauthenticated('the proxy sent no viewer');
    return id.includes(',')
      ? unauthenticated('the id of the viewer contains a comma')
      : { kind: 'viewer', viewer: { id, until: null } };
  };
}

function unauthenticated(reason: string): Authentication {
  const message = 'The request does not come from a trusted proxy.';
  return { kind: 'unauthenticated', response: { status: 401, code: 'UNAUTHENTICATED', message }, reason };
}

const unreadable: Authentication = {
  kind: 'unauthenticated',
  response: { status: 401, code: 'UNAUTHENTICATED', message: 'The header that names the viewer is not UTF-8.' },
  reason: 'the id of the viewer is not UTF-8',
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
