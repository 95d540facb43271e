import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const at = (path: string): string => `${folder}${path}`;

/** The texts of the console's queries by their ids: what the graph is given as `server.trustedDocuments`. */
export const documentsFile = at('.cache/documents.json');
export const siteFolder = at('dist');

/** Installs what is missing, compiles the queries, and builds the page. */
export async function buildConsole(): Promise<void> {
  if (!isInstalled()) await run('npm', ['ci', '--no-audit', '--no-fund']);
  // The compiler adds documents and removes none: without this, those of yesterday would stay trusted.
  rmSync(at('.cache'), { recursive: true, force: true });
  mkdirSync(at('.cache/relay'), { recursive: true });
  writeFileSync(documentsFile, '{}\n');
  await run(process.execPath, ['node_modules/relay-compiler/cli.js', 'relay.config.json']);
  await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
}

function isInstalled(): boolean {
  const installed = at('node_modules/.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(at('package-lock.json')).mtimeMs;
}

/** Silent, unless it fails. */
export async function run(command: string, words: readonly string[]): Promise<void> {
  const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${words.join(' ')} failed:\n${said}`);
}
