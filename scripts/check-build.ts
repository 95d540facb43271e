/** Starts the built server on a free port, asks it for sessions, and ends it as an operator would. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

async function findUrl(): Promise<string> {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    const url = /http:\/\/\S+\/graphql/.exec(printed)?.[0];
    if (url !== undefined && printed.includes('Ctrl-C')) return url;
  }
  throw new Error(`dist/main.js ended before it said where it is: ${printed}`);
}
