import type { Config, ServerConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Trial } from '../create-context.ts';
import { createSchema } from '../schema/schema.ts';
import { createApp } from './app.ts';
import { toEndpointUrl } from './endpoint-url.ts';
import { createHttpServer } from './http-server.ts';

/** A listener, and behind it the App of one configuration after another. */
export interface Server {
  /** Answers the URL of the endpoint, once it is served where the configuration says. */
  listen(): Promise<string>;
  /**
   * Answers by this configuration what comes from now on, and gives the URL of the endpoint. What is running ends by the
   * configuration before. Throws a ConfigError, and changes nothing, when this one cannot be used.
   */
  change(config: Config): string;
  /** Asks each source of the current configuration once. `abandoned` too when another configuration comes before the answer. */
  tryOut(): readonly Promise<Trial>[];
  /** Lets what is running end, then lets go of everything. */
  close(): Promise<void>;
}

export function createServer(first: Config): Server {
  // It depends on no setting, and takes longer to make than all the rest.
  const schema = createSchema();
  const { host, port } = first.server;
  let app = createApp(first, { schema });
  let path = first.server.path;
  let openPort = port;
  const retiring = new Set<Promise<void>>();
  const http = createHttpServer((request, response) => void app.handler(request, response));
  const endpoint = () => toEndpointUrl({ host, path }, openPort);

  return {
    async listen() {
      openPort = await http.listen({ host, port });
      return endpoint();
    },
    change(config) {
      refuseAnotherAddress({ host, port }, config.server);
      const before = app;
      app = createApp(config, { schema });
      path = config.server.path;
      const retired = before.close().finally(() => retiring.delete(retired));
      retiring.add(retired);
      return endpoint();
    },
    tryOut() {
      const tried = app;
      return tried.tryOut().map(async (trying): Promise<Trial> => {
        const trial = await trying;
        return tried === app ? trial : { ...trial, result: { kind: 'abandoned' } };
      });
    },
    async close() {
      await Promise.all([app.close(http.close()), ...retiring]);
    },
  };
}

type Address = Pick<ServerConfig, 'host' | 'port'>;

/**
 * Half a configuration is none: who may ask (`auth`) was judged by the address in the file, and would hold for the one where the
 * server still listens.
 */
function refuseAnotherAddress(current: Address, wanted: Address): void {
  const names = (['host', 'port'] as const).filter((name) => wanted[name] !== current[name]);
  if (names.length === 0) return;
  throw new ConfigError(
    names.map((name) => `server.${name}  cannot change from ${current[name]} to ${wanted[name]} without a restart`),
  );
}
