import { readFileSync } from 'node:fs';
import { toConfig } from '../../src/config/load-config.ts';
import { jsonReply } from '../../src/sandbox/exchange.ts';
import { type PlatformName, startPlatform } from '../../src/sandbox/platforms.ts';
import { startSandboxOf } from '../../src/sandbox/sandbox.ts';
import { sendReply } from '../../src/sandbox/send-reply.ts';
import { createApp } from '../../src/server/app.ts';
import { serve } from './serve.ts';

export interface SessionGraph {
  readonly url: string;
  readonly sdl: string;
  readonly sources: number;
  /** Requests that came in since the last `forget`. */
  requests(): number;
  /** Requests to platforms since the last `forget`. */
  platformRequests(): number;
  forget(): void;
  /** The first platform answers 404 to everything until the returned function is called. */
  hidePlatform(): () => void;
  close(): Promise<void>;
}

export interface SessionGraphOptions {
  /** Sessions in all. */
  readonly size: number;
  readonly port?: number;
}

/** The server over the sandbox. Nothing is shared between queries, so that the requests of each can be counted. */
export async function startSessionGraph({ size, port }: SessionGraphOptions): Promise<SessionGraph> {
  let platformRequests = 0;
  let hidden: PlatformName | null = null;
  const sandbox = await startSandboxOf(
    (options) =>
      startPlatform(options, ({ response, answer, clientGone }) => {
        platformRequests += 1;
        const reply = hidden === options.platform ? jsonReply(404, { error: { code: 'not_found' } }) : answer();
        return sendReply(response, reply, clientGone);
      }),
    { size },
  );
  const app = createApp(
    toConfig({
      server: { log: { level: 'silent' }, sharing: { enabled: false } },
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
    sources: sandbox.sources.length,
    requests: () => requests,
    platformRequests: () => platformRequests,
    forget() {
      requests = 0;
      platformRequests = 0;
    },
    hidePlatform() {
      hidden = sandbox.sources[0]?.provider ?? null;
      return () => {
        hidden = null;
      };
    },
    async close() {
      await served.close();
      await app.close();
      await sandbox.close();
    },
  };
}
