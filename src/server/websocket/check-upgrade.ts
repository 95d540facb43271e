import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerConfig } from '../../config/config.ts';
import type { ErrorResponse } from '../error-response.ts';
import { checkHost } from '../host-check.ts';
import { protocol } from './messages.ts';

export interface UpgradeRules extends Pick<ServerConfig, 'path' | 'cors'> {
  /** Whether requests must name a loopback host. */
  readonly onlyLoopback: boolean;
}

/** Null when the request may become a WebSocket. */
export function checkUpgrade(
  request: IncomingMessage,
  { path, cors, onlyLoopback }: UpgradeRules,
): ErrorResponse | null {
  const refusal = checkHost(request, onlyLoopback);
  if (refusal !== null) return refusal;
  const { pathname } = new URL(`http://host${request.url}`);
  if (pathname !== path && pathname !== `${path}/`) {
    return { status: 404, code: 'NOT_FOUND', message: `The path of the GraphQL endpoint is ${path}.` };
  }
  if (!isKnownOrigin(request.headers, cors.origins)) {
    const message = 'Web pages of this origin may not open a WebSocket here: see server.cors.origins.';
    return { status: 403, code: 'FORBIDDEN', message };
  }
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
  if (offered.includes(protocol)) return null;
  return {
    status: 400,
    code: 'BAD_REQUEST',
    message: `The only protocol that is spoken over a WebSocket is ${protocol}.`,
  };
}

/**
 * Browsers let any page open a WebSocket to any server, with the cookies that belong there, and say whose page it is. Who is no
 * browser says nothing, and needs no leave.
 */
function isKnownOrigin({ origin, host = '' }: IncomingHttpHeaders, known: readonly string[]): boolean {
  if (origin === undefined || known.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}
