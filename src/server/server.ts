import type { Config, ServerConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Trial } from '../create-context.ts';
import { createSchema } from '../schema/schema.ts';
import { type App, createApp } from './app.ts';
import { type OpenCatalogStore, openCatalogStore } from './catalog-store.ts';
import { toEndpointUrl } from './endpoint-url.ts';
import type { Urls } from './greeting.ts';
import { createHttpServer } from './http-server.ts';
import { createLog, type Log } from './log.ts';
import type { MetricsServer } from './metrics-server.ts';
import { secretsOf } from './secrets.ts';

/** A listener, and behind it the App of one configuration after another. */
export interface Server {
  /** Answers the URLs, once they are served where the configuration says. */
  listen(): Promise<Urls>;
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

/** The metrics and the catalog outlive the App of one configuration, so that what they have goes on. */
export function createServer(first: Config, metricsServer: MetricsServer | null = null): Server {
  // It depends on no setting, and takes longer to make than all the rest.
  const schema = createSchema();
  const { host, port } = first.server;
  const metrics = metricsServer?.metrics ?? null;
  let catalog = openCatalogStore(first, logOf(first));
  let app = createApp(first, { schema, metrics, catalogStore: catalog?.store ?? null });
  let path = first.server.path;
  let openPort = port;
  const retiring = new Set<Promise<void>>();
  const http = createHttpServer((request, response) => void app.handler(request, response));
  const endpoint = () => toEndpointUrl({ host, path }, openPort);
  let unfollowed: Promise<void> = Promise.resolve();

  /** What is not to be kept any more must not be written again by those who still follow it. */
  function followAfter(before: App, next: App): void {
    unfollowed = Promise.all([unfollowed, before.unfollow()]).then(() => next.follow());
  }

  return {
    async listen() {
      const metricsUrl = (await metricsServer?.listen()) ?? null;
      http.onUpgrade(app.upgrade);
      openPort = await http.listen({ host, port });
      app.follow();
      return { endpoint: endpoint(), metrics: metricsUrl };
    },
    change(config) {
      refuseAnotherAddress(first.server, config.server);
      const before = { app, catalog };
      const after = openCatalogStore(config, logOf(config), catalog);
      try {
        app = createApp(config, { schema, metrics, catalogStore: after?.store ?? null });
      } catch (error) {
        if (after !== catalog) void after?.store.close();
        throw error;
      }
      catalog = after;
      path = config.server.path;
      http.onUpgrade(app.upgrade);
      followAfter(before.app, app);
      const retired = retire(before, after).finally(() => retiring.delete(retired));
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
      await catalog?.store.close();
      await metricsServer?.close();
    },
  };
}

function logOf(config: Config): Log {
  return createLog({ level: config.server.log.level, secrets: secretsOf(config) });
}

async function retire(before: Retiring, after: OpenCatalogStore | null): Promise<void> {
  await before.app.close();
  if (before.catalog !== after) await before.catalog?.store.close();
}

interface Retiring {
  readonly app: App;
  readonly catalog: OpenCatalogStore | null;
}

/**
 * Half a configuration is none: who may ask (`auth`) was judged by the address in the file, and would hold for the one where the
 * server still listens.
 */
function refuseAnotherAddress(current: ServerConfig, wanted: ServerConfig): void {
  const before = addressesOf(current);
  const lines = addressesOf(wanted).flatMap(({ name, value }, index) => {
    const held = before[index]?.value;
    return value === held ? [] : [`server.${name}  cannot change from ${held} to ${value} without a restart`];
  });
  if (lines.length > 0) throw new ConfigError(lines);
}

function addressesOf({ host, port, metrics }: ServerConfig) {
  return [
    { name: 'host', value: host },
    { name: 'port', value: port },
    { name: 'metrics', value: metrics === undefined ? 'none' : `${metrics.host}:${metrics.port}` },
  ];
}
