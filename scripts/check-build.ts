/**
 * Starts the built server on a free port, asks it for sessions, and ends it as an operator would. Then lets the built
 * trusted-documents.js write a manifest.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const answerShape = z.object({
  data: z.object({
    sessions: z.object({
      nodes: z.array(z.object({ id: z.string() })).length(5),
      outcomes: z.array(z.object({ status: z.literal('COMPLETE') })).length(5),
    }),
  }),
});

const root = join(import.meta.dirname, '..');
const { SESSION_GRAPH_CONFIG: _, ...environment } = process.env;
const server = spawn(process.execPath, [join(root, 'dist', 'main.js'), '--port', '0'], {
  env: { ...environment, NODE_ENV: 'production' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(server, 'close');
try {
  const url = await findUrl();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ sessions(first: 5) { nodes { id title agent { name } } outcomes { status } } }' }),
  });
  answerShape.parse(await response.json());
} finally {
  server.kill('SIGTERM');
}
const [code] = await ended;
if (code !== 0) throw new Error(`dist/main.js ended with ${code} when it was asked to end.`);
console.log('dist/main.js starts, answers and ends.');

const folder = mkdtempSync(join(tmpdir(), 'session-graph-build-'));
try {
  writeFileSync(join(folder, 'slugs.graphql'), 'query Slugs { sources { slug } }');
  const words = [join(root, 'dist', 'trusted-documents.js'), folder, '--out', '-'];
  const printed = execFileSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  z.record(z.string().length(64), z.literal('query Slugs {\n  sources {\n    slug\n  }\n}')).parse(JSON.parse(printed));
} finally {
  rmSync(folder, { recursive: true });
}
console.log('dist/trusted-documents.js writes a manifest.');

async function findUrl(): Promise<string> {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    const url = /http:\/\/\S+\/graphql/.exec(printed)?.[0];
    if (url !== undefined && printed.includes('Ctrl-C')) return url;
  }
  throw new Error(`dist/main.js ended before it said where it is: ${printed}`);
}
