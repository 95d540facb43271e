import { createHash, timingSafeEqual } from 'node:crypto';
import type { InboundAuth } from '../config/config.ts';
import type { Authentication, Authenticator } from './authenticate.ts';
import { fromHeaderBytes } from './header-bytes.ts';

/** Believes what a proxy says of its callers once it has proved that it is the proxy. */
export function createProxyAuthenticator(auth: Extract<InboundAuth, { mode: 'header' }>): Authenticator {
  const expected = digest(auth.secret);
  return async (headers) => {
    // Digests, because timingSafeEqual wants equal lengths.
    if (!timingSafeEqual(digest(headers.get(auth.secretHeader) ?? ''), expected)) return refused;
    const id = fromHeaderBytes(headers.get(auth.header) ?? '');
    if (id === null) return unreadable;
    // A comma is what two headers of one name are joined by: the proxy's, and one the caller has sent before it.
    return id === '' || id.includes(',') ? refused : { kind: 'viewer', viewer: { id } };
  };
}

const refused: Authentication = {
  kind: 'refusal',
  refusal: { status: 401, code: 'UNAUTHENTICATED', message: 'The request does not come from a proxy that is trusted.' },
  cause: null,
};

const unreadable: Authentication = {
  kind: 'refusal',
  refusal: { status: 401, code: 'UNAUTHENTICATED', message: 'The header that names the viewer is not UTF-8.' },
  cause: null,
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
