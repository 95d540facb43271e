/**
 * `npm run measure:memory`: the most memory the server takes while it answers one client, many clients, and lists what is large,
 * with the platforms in another process. Ends with 1 when a bound is broken. `-- clients` measures only what has that word.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type PlatformOptions, startPlatform } from '../src/sandbox/platforms.ts';

interface Measurement {
  readonly name: string;
  readonly maxMegabytes: number;
  readonly platform: PlatformOptions;
  readonly source: Readonly<Record<string, unknown>>;
  /** Answers how many sessions it was given. */
  readonly walk: (ask: Ask) => Promise<number>;
  readonly sessions: number;
}

type Ask = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<Page>;

const page = z.object({
  data: z.object({
    sessions: z.object({
      edges: z.array(z.object({ node: z.object({ id: z.string() }) })),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      outcomes: z.array(z.object({ status: z.literal('COMPLETE') })),
    }),
  }),
});

type Page = z.infer<typeof page>['data']['sessions'];

const query = `query ($after: String) {
  sessions(first: 100, after: $after) {
    edges { node { id title status createdAt agent { id } } }
    pageInfo { hasNextPage endCursor }
    outcomes { status }
  }
}`;

const clients = 32;

const measurements: readonly Measurement[] = [
  {
    name: 'the first page alone, of a server that was just started',
    maxMegabytes: 200,
    platform: { platform: 'everruns', sessions: 2_000 },
    source: { provider: 'everruns' },
    walk: async (ask) => (await ask(query, {})).edges.length,
    sessions: 100,
  },
  {
    name: `${clients} clients, each of which lists all of 2,000 Everruns sessions, page by page`,
    maxMegabytes: 400,
    platform: { platform: 'everruns', sessions: 2_000 },
    source: { provider: 'everruns' },
    walk: async (ask) => {
      const found = await Promise.all(Array.from({ length: clients }, () => walkAll(ask)));
      return found.reduce((sum, count) => sum + count, 0);
    },
    sessions: clients * 2_000,
  },
  {
    name: 'the first page of 2,000 AgentScope sessions, with conversations of 50 kB in the lists',
    maxMegabytes: 400,
    platform: { platform: 'agentscope', dialect: '2.0.1', sessions: 2_000, users: ['alice'], stateBytes: 50_000 },
    source: { provider: 'agentscope', user: { constant: 'alice' } },
    walk: async (ask) => (await ask(query, {})).edges.length,
    sessions: 100,
  },
  {
    name: 'all of 100,000 Everruns sessions, page by page',
    maxMegabytes: 250,
    platform: { platform: 'everruns', sessions: 100_000 },
    source: { provider: 'everruns' },
    walk: walkAll,
    sessions: 100_000,
  },
];

async function walkAll(ask: Ask): Promise<number> {
  const ids = new Set<string>();
  let after: string | null = null;
  for (;;) {
    const { edges, pageInfo }: Page = await ask(query, { after });
    for (const { node } of edges) ids.add(node.id);
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) return ids.size;
  }
}

// Preloaded into the server: when that ends, it tells the most memory it ever had, in kilobytes.
const tellPeak = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs";' +
    'process.once("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
)}`;

const [role, which] = process.argv.slice(2);
if (role === 'platform') await servePlatform(Number(which));
else await measureAll(role ?? '');

async function servePlatform(index: number): Promise<void> {
  const measurement = measurements[index];
  if (measurement === undefined) throw new Error('There is no such measurement.');
  const platform = await startPlatform(measurement.platform);
  process.stdout.write(`${platform.url}\n`);
  process.once('SIGTERM', () => void platform.close());
}

async function measureAll(word: string): Promise<void> {
  // What runs in production: tsx, which `npm start` uses, takes some 90 MB for itself.
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  for (const [index, measurement] of measurements.entries()) {
    if (!measurement.name.includes(word)) continue;
    const megabytes = Math.round((await measure(index, measurement)) / 1024);
    const isWithin = megabytes < measurement.maxMegabytes;
    if (!isWithin) process.exitCode = 1;
    console.log(
      `${isWithin ? 'ok' : 'TOO MUCH'}: ${megabytes} MB of ${measurement.maxMegabytes} for ${measurement.name}`,
    );
  }
}

async function measure(index: number, { source, walk, sessions }: Measurement): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-memory-'));
  const platform = start(['--import', 'tsx', import.meta.filename, 'platform', String(index)]);
  try {
    const url = await firstLine(platform);
    const config = join(folder, 'config.yaml');
    // JSON is YAML. The platform here shares its processors with the server, which must not count as being slow.
    writeFileSync(
      config,
      JSON.stringify({
        server: {
          port: 0,
          log: { level: 'error' },
          limits: { http: { attemptTimeoutMs: 120_000, deadlineMs: 120_000, listShareMs: 120_000 } },
        },
        sources: [{ id: 'measured', url, ...source }],
      }),
    );
    const server = start(['--import', tellPeak, join('dist', 'main.js'), '--config', config]);
    const told = text(server.stdio[3] as Readable);
    try {
      const endpoint = /http:\S+/.exec(await firstLine(server))?.[0] ?? '';
      const found = await walk((document, variables) => ask(endpoint, document, variables));
      if (found !== sessions) throw new Error(`${found} sessions came, but ${sessions} should have.`);
    } finally {
      await stop(server);
    }
    return Number(await told);
  } finally {
    await stop(platform);
    rmSync(folder, { recursive: true });
  }
}

async function ask(endpoint: string, document: string, variables: Readonly<Record<string, unknown>>): Promise<Page> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
  });
  return page.parse(await response.json()).data.sessions;
}

function start(options: readonly string[]): ChildProcess {
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('The process says nothing.');
  for await (const line of createInterface({ input: stdout })) {
    stdout.resume();
    return line;
  }
  throw new Error('The process ended before it was ready.');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
