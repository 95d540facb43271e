import type { Config } from '../../config/config.ts';
import { ConfigError } from '../../config/config-error.ts';
import { headersToInitialise } from './connection-headers.ts';
import { loadWebSockets } from './load-web-sockets.ts';
import { createSockets, type SocketSettings, type Sockets } from './sockets.ts';

/** Plain `npm install ws` does nothing here where development packages are left out, because it is one of them too. */
const installWs = 'npm install --omit=dev --no-save --save-prod ws@8.23.0';
/** Beside as many subscriptions as there may be in all. */
const maxQueries = 100;

type Given = Pick<SocketSettings, 'admit' | 'viewers' | 'answer' | 'log' | 'onlyLoopback'>;

/** Makes the WebSockets of a server with this configuration. Null when it has none. */
export function loadSockets(config: Config): ((given: Given) => Sockets) | null {
  const { path, cors, limits, webSocket } = config.server;
  if (!webSocket) return null;
  const acceptUpTo = loadWebSockets();
  if (acceptUpTo === null) {
    throw new ConfigError([`server.webSocket  needs a package that is not installed: ${installWs}`]);
  }
  return (given) =>
    createSockets({
      ...given,
      accept: acceptUpTo(limits.query.bodyBytes),
      path,
      cors,
      headersToInitialise: headersToInitialise(config),
      maxConnections: limits.subscriptions,
      maxOperations: limits.subscriptions + maxQueries,
    });
}
