import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../../config/config.ts';

/**
 * Those of the connection itself, and those that each operation has for itself. Browsers ask for nothing that was kept when they open
 * a WebSocket, and do not mean its operations.
 */
const left =
  /^(connection|upgrade|keep-alive|te|transfer-encoding|expect|accept(-.*)?|content-.*|http2-settings|sec-websocket-.*|cache-control|pragma)$/;

/**
 * The headers that `connection_init` may bring, because browsers can send none with a WebSocket: those that prove who the caller
 * is, here or to a platform. None where a proxy says who it is, because the proxy does not see them.
 */
export function headersToInitialise({ server, sources }: Config): readonly string[] {
  if (server.auth.mode === 'header') return [];
  const forwarded = sources.flatMap(({ auth }) => (auth.kind === 'forward' ? [auth.header.toLowerCase()] : []));
  return ['authorization', ...forwarded];
}

/** What each operation of a connection has. Null when a header cannot be one. Those of the upgrade count first. */
export function toConnectionHeaders(
  upgrade: IncomingHttpHeaders,
  payload: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): Headers | null {
  const given = { ...payload, ...(typeof payload.headers === 'object' ? payload.headers : {}) };
  const brought = Object.entries(given).filter(([name]) => allowed.includes(name.toLowerCase()));
  const own = Object.entries(upgrade).filter(([name]) => !left.test(name));
  const headers = new Headers();
  try {
    for (const [name, value] of [...brought, ...own]) if (typeof value === 'string') headers.set(name, value);
    return headers;
  } catch {
    return null;
  }
}
