import type { InboundAuth } from '../config/config.ts';
import { createJwtAuthenticator } from './authenticate-jwt.ts';
import { createProxyAuthenticator } from './authenticate-proxy.ts';
import type { Authenticator } from './authentication.ts';

export function createAuthenticator(auth: InboundAuth): Authenticator {
  switch (auth.mode) {
    case 'none':
      return async () => ({ kind: 'viewer', viewer: { id: null, until: null } });
    case 'jwt':
      return createJwtAuthenticator(auth);
    case 'header':
      return createProxyAuthenticator(auth);
  }
}
