import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';
import type { SandboxOptions, SandboxSourceId } from '../../../src/sandbox/sandbox.ts';
import type { RunningPlatform } from '../../../test/sandbox-controls/platform.ts';
import { startSandbox } from '../../../test/sandbox-controls/sandbox.ts';
import { serveConsole } from '../serve.ts';

/** The console over a sandbox that tests watch and break, and the pages that look at it. */
export interface World extends AsyncDisposable {
  readonly url: string;
  platform(id: SandboxSourceId): RunningPlatform;
  /** Of all sources, what a client can reach. */
  readonly sizes: Readonly<Record<string, number>>;
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** What was wrong in any page: errors on the console, and requests to elsewhere. */
  readonly complaints: readonly string[];
  /** Ids of the requests to the graph since the last call, with the names of their operations. */
  takeOperations(): Promise<readonly Operation[]>;
  closePages(): Promise<void>;
}

export interface Operation {
  readonly name: string;
  /** Requests to platforms. */
  readonly upstream: number;
}

/** The moment in which the sandbox ends. */
export const now = new Date('2026-11-20T12:00:00Z');

export async function createWorld(browser: Browser, options: SandboxOptions): Promise<World> {
  const sandbox = await startSandbox(options);
  const settings = {
    log: { level: 'silent' },
    // So that what each action costs does not depend on what came a moment before.
    sharing: { enabled: false },
    // A source that is back is asked at once, however often it failed before; a busy machine is no failure.
    limits: { http: { retries: 0, breakerFailures: 1_000, listShareMs: 15_000, attemptTimeoutMs: 15_000 } },
  };
  const server = await serveConsole(sandbox, { port: 0, settings });
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];
  let requests: Request[] = [];

  const platforms = sandbox.sources.map(({ platform }) => platform);
  return {
    url: server.url,
    complaints,
    sizes: Object.fromEntries(sandbox.sources.map(({ id, platform }) => [id, platform.sessionIds().length])),
    platform(id) {
      const source = sandbox.sources.find((each) => each.id === id);
      if (source === undefined) throw new Error(`There is no source ${id}.`);
      return source.platform;
    },
    async open(path, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1360, height: 860 },
        locale: 'en-US',
        timezoneId: 'UTC',
        ...options,
      });
      context.setDefaultTimeout(15_000);
      contexts.push(context);
      const page = await context.newPage();
      await page.clock.install({ time: now });
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(`${path}: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(server.url) && !url.startsWith('data:')) complaints.push(`${path}: requests ${url}`);
        if (url === `${server.url}graphql`) requests.push(request);
      });
      await page.goto(new URL(path, server.url).href);
      return page;
    },
    async takeOperations() {
      const taken = requests;
      requests = [];
      const heard = platforms.flatMap((platform) => platform.requests);
      return Promise.all(
        taken.map(async (request) => {
          const id = (await request.response())?.headers()['x-request-id'];
          const { operationName } = request.postDataJSON();
          const upstream = heard.filter(({ headers }) => headers['x-request-id'] === id);
          return { name: operationName, upstream: upstream.length };
        }),
      );
    },
    async closePages() {
      requests = [];
      for (const platform of platforms) platform.clearRequests();
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      for (const platform of platforms) platform.heal();
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await sandbox.close();
    },
  };
}
