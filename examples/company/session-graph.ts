import { readFileSync } from 'node:fs';
import { toConfig } from '../../src/config/load-config.ts';
import { type SandboxSource, startSandbox } from '../../src/sandbox/sandbox.ts';
import { createApp } from '../../src/server/app.ts';
import { serve } from './serve.ts';

export interface SessionGraph {
  readonly url: string;
  readonly sdl: string;
  readonly platforms: readonly SandboxSource[];
  /** Requests that came in since the last `forget`. */
  requests(): number;
  /** Requests to platforms since the last `forget`. */
  platformRequests(): number;
  forget(): void;
  close(): Promise<void>;
}

export interface SessionGraphOptions {
  /** Sessions in all. */
  readonly size: number;
  readonly port?: number;
}

/** The server with its default configuration, over the sandbox. */
export async function startSessionGraph({ size, port }: SessionGraphOptions): Promise<SessionGraph> {
  const sandbox = await startSandbox({ size });
  const app = createApp(
    toConfig({
      server: { log: { level: 'silent' } },
      sources: sandbox.sources.map(({ id, provider, platform, settings }) => ({
        id,
        provider,
        url: platform.url,
        ...settings,
      })),
    }),
  );
  let requests = 0;
  const served = await serve((request, response) => {
    requests += 1;
    void app.handler(request, response);
  }, port);
  return {
    url: served.url,
    sdl: readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
    platforms: sandbox.sources,
    requests: () => requests,
    platformRequests: () => sandbox.sources.reduce((sum, { platform }) => sum + platform.requests.length, 0),
    forget() {
      requests = 0;
      for (const { platform } of sandbox.sources) platform.clearRequests();
    },
    async close() {
      await served.close();
      await app.close();
      await sandbox.close();
    },
  };
}
