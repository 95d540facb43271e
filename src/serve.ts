import type { Command } from './config/command-line.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { readEnvironment } from './config/environment.ts';
import { loadConfig, type ServerOverrides, toConfig } from './config/load-config.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { toErrorText } from './server/error-text.ts';
import { toChange, toGreeting, toTrialLine, type Urls } from './server/greeting.ts';
import { limitHeapGrowth } from './server/limit-heap-growth.ts';
import { loadMetricsServer } from './server/metrics-server.ts';
import { createServer, type Server } from './server/server.ts';
import { hasLostTerminal } from './server/terminal.ts';

type ServeCommand = Extract<Command, { readonly kind: 'serve' }>;

type Stop = (signal: NodeJS.Signals) => void;

/** Where the configuration comes from. */
type Origin =
  | { readonly kind: 'file'; readonly read: () => Config }
  | { readonly kind: 'sandbox'; readonly sandbox: Sandbox };

/** Serves until it is stopped. `listening` gets what SIGINT and SIGTERM are to do from then on. */
export async function serve(command: ServeCommand, listening: (stop: Stop) => void): Promise<void> {
  if (command.configFile === null) return serveSandbox(command.overrides, listening);
  return serveFile(command.configFile, command.overrides, listening);
}

async function serveFile(path: string, overrides: ServerOverrides, listening: (stop: Stop) => void): Promise<void> {
  const read = () => loadConfig(path, readEnvironment(), overrides);
  await serveFrom(read(), { kind: 'file', read }, listening);
}

async function serveSandbox(overrides: ServerOverrides, listening: (stop: Stop) => void): Promise<void> {
  const sandbox = await startSandbox();
  try {
    await serveFrom(toSandboxConfig(sandbox, overrides), { kind: 'sandbox', sandbox }, listening);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function toSandboxConfig(sandbox: Sandbox, overrides: ServerOverrides): Config {
  const sources = sandbox.sources.map(({ id, provider, platform, settings }) => ({
    id,
    provider,
    url: platform.url,
    catalog: true,
    ...settings,
  }));
  // Whoever looks at sample data wants to read the sentences below, not a log. And its platforms need not be spared.
  const server = { log: { level: 'warn' }, catalog: { requestsPerMinute: 6_000 } };
  return toConfig({ server, sources }, {}, overrides);
}

async function serveFrom(config: Config, origin: Origin, listening: (stop: Stop) => void): Promise<void> {
  const { metrics } = config.server;
  const server = createServer(config, metrics === undefined ? null : await loadMetricsServer(metrics));
  let urls: Urls;
  try {
    urls = await server.listen();
  } catch (error) {
    const sentence = toListenSentence(error, config);
    if (sentence === null) throw error;
    await server.close();
    throw new ConfigError([sentence]);
  }
  listenToSignals(server, origin, listening);
  process.stdout.write(toGreeting(config, urls, origin.kind === 'sandbox'));
  limitHeapGrowth();
  if (origin.kind === 'file') await trySources(server, config);
}

async function close(server: Server, origin: Origin): Promise<void> {
  await server.close();
  if (origin.kind === 'sandbox') await origin.sandbox.close();
}

/** Each result as it comes: a platform that does not answer must hold up nothing. */
async function trySources(server: Server, config: Config): Promise<void> {
  const printing = server.tryOut().map(async (trial) => {
    const text = toTrialLine(await trial, config);
    if (text !== null) process.stdout.write(`${text}\n`);
  });
  await Promise.all(printing);
}

function toListenSentence(error: unknown, { server: { host, port } }: Config): string | null {
  if (error instanceof ConfigError) return error.lines.join('\n');
  switch (error instanceof Error && 'code' in error ? error.code : null) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop the other process, or choose another port: npm start -- --port <port>`;
    case 'EACCES':
      return `No permission to listen on port ${port}. Choose a port above 1023: npm start -- --port <port>`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}. Choose another: npm start -- --host <host>`;
    default:
      return null;
  }
}

// Under npm one Ctrl-C arrives twice: from the terminal, and passed on by npm.
const echoMs = 500;

function listenToSignals(server: Server, origin: Origin, listening: (stop: Stop) => void): void {
  let stoppingSince: number | null = null;
  const stop: Stop = (signal) => {
    const now = performance.now();
    if (stoppingSince !== null) {
      // Whoever asks again does not want to wait.
      if (now - stoppingSince > echoMs) process.exit(1);
      return;
    }
    stoppingSince = now;
    close(server, origin).then(() => end(signal), failUnexpectedly);
  };
  listening(stop);
  // On Windows it only says that the console is closed; the process ends then without our help.
  if (process.platform === 'win32') return;
  process.on('SIGHUP', () => {
    if (hasLostTerminal()) stop('SIGHUP');
    else if (stoppingSince === null) changeConfig(server, origin);
  });
}

function end(signal: NodeJS.Signals): void {
  if (signal !== 'SIGHUP') process.exit(0);
  // Node aborts when it exits, because it cannot restore a terminal that is gone.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Whatever goes wrong with the new configuration, there is one that works. */
function changeConfig(server: Server, origin: Origin): void {
  if (origin.kind === 'sandbox') {
    process.stdout.write('There is no configuration file that could be read again: this is the sample data.\n');
    return;
  }
  try {
    const config = origin.read();
    process.stdout.write(toChange(config, server.change(config)));
    trySources(server, config).catch(complain);
  } catch (error) {
    complain(error);
    process.stderr.write('The configuration was not changed: the one before stays in use.\n');
  }
}

function complain(error: unknown): void {
  process.stderr.write(`${toErrorText(error)}\n`);
}

function failUnexpectedly(error: unknown): void {
  complain(error);
  process.exit(1);
}
