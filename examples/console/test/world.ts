import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';
import type { SandboxOptions, SandboxSourceId } from '../../../src/sandbox/sandbox.ts';
import type { Fault } from '../../../test/sandbox-controls/faults.ts';
import type { RunningPlatform } from '../../../test/sandbox-controls/platform.ts';
import { startSandbox } from '../../../test/sandbox-controls/sandbox.ts';
import { documentsFile } from '../build.ts';
import { serveConsole } from '../serve.ts';

/** The console over a sandbox that tests watch and break, and the pages that look at it. */
export interface World extends AsyncDisposable {
  readonly url: string;
  /** Of a console on the same platforms that has no catalog. */
  readonly liveUrl: string;
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

/** A busy machine is no failure of a platform. */
const patience = { listShareMs: 60_000, attemptTimeoutMs: 60_000, deadlineMs: 60_000 };

/** The moment in which the sandbox ends. */
export const now = new Date('2026-11-20T12:00:00Z');

export async function createWorld(start: () => Promise<Browser>, options: SandboxOptions): Promise<World> {
  const sandbox = await startSandbox(options);
  const settings = {
    log: { level: 'silent' },
    // So that what each action costs does not depend on what came a moment before.
    sharing: { enabled: false },
    // A source that is back is asked at once, however often it failed before.
    limits: { http: { retries: 0, breakerFailures: 1_000, ...patience } },
  };
  const server = await serveConsole(sandbox, { port: 0, settings });
  const live = await serveConsole(sandbox, { port: 0, settings, catalog: false });
  const urls = [server.url, live.url];
  await untilCopied(server.url);
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];
  let requests: Request[] = [];
  let browser: Browser | null = null;

  const platforms = sandbox.sources.map(({ platform }) => platform);
  return {
    url: server.url,
    liveUrl: live.url,
    complaints,
    sizes: Object.fromEntries(sandbox.sources.map(({ id, platform }) => [id, platform.sessionIds().length])),
    platform(id) {
      const source = sandbox.sources.find((each) => each.id === id);
      if (source === undefined) throw new Error(`There is no source ${id}.`);
      const { platform } = source;
      // Unless it is said otherwise the catalog goes on, so that a number does not depend on the check before.
      const isOfUser: Fault['match'] = ({ headers }) => headers['x-request-id'] !== 'catalog';
      const fail: RunningPlatform['fail'] = (fault) => platform.fail({ match: isOfUser, ...fault });
      return { ...platform, fail };
    },
    async open(path, options = {}) {
      // One that was lost is lost for one check, not for those that follow.
      if (browser?.isConnected() !== true) browser = await start();
      const context = await browser.newContext({
        viewport: { width: 1360, height: 860 },
        locale: 'en-US',
        timezoneId: 'UTC',
        ...options,
      });
      // Longer than the graph lets a platform take, so that what it says of a slow one is seen.
      context.setDefaultTimeout(90_000);
      contexts.push(context);
      const page = await context.newPage();
      await page.clock.install({ time: now });
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(`${path}: ${message.text()}`);
      });
      page.on('crash', () => complaints.push(`${path}: the page crashed`));
      page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
      page.on('request', (request) => {
        const url = request.url();
        if (!['data:', ...urls].some((own) => url.startsWith(own))) complaints.push(`${path}: requests ${url}`);
        if (url === `${server.url}graphql`) requests.push(request);
      });
      await page.goto(new URL(path, server.url).href);
      return page;
    },
    async takeOperations() {
      const taken = requests;
      requests = [];
      const operations = await Promise.all(
        taken.map(async (request) => {
          const id = (await request.response())?.headers()['x-request-id'];
          return { id, name: String(request.postDataJSON().operationName) };
        }),
      );
      // Not before the answers: what they cost is asked until then.
      const heard = platforms.flatMap((platform) => platform.requests.map(({ headers }) => headers['x-request-id']));
      return operations.map(({ id, name }) => ({ name, upstream: heard.filter((each) => each === id).length }));
    },
    async closePages() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      // Not before: a page asks until it is closed.
      requests = [];
      for (const platform of platforms) platform.clearRequests();
      for (const platform of platforms) platform.heal();
    },
    async [Symbol.asyncDispose]() {
      await browser?.close();
      await Promise.all([server.close(), live.close()]);
      await sandbox.close();
    },
  };
}

/** The number of the console itself says when the catalog has everything. */
async function untilCopied(url: string): Promise<void> {
  const documents: Readonly<Record<string, string>> = JSON.parse(readFileSync(documentsFile, 'utf8'));
  const [documentId] = Object.entries(documents).find(([, text]) => text.includes('query changesCountQuery')) ?? [];
  const body = JSON.stringify({ documentId, variables: { filter: {} } });
  for (;;) {
    const answer = await fetch(`${url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { data } = await answer.json();
    if (data.catalog.sessions.precision === 'EXACT') return;
    await setTimeout(200);
  }
}
