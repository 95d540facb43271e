#!/usr/bin/env node
import { readCommandLine, usage } from './config/command-line.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { readEnvironment } from './config/environment.ts';
import { loadConfig, type ServerOverrides, toConfig } from './config/load-config.ts';
import { readVersion } from './config/version.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { toChange, toGreeting, toTrialLine, type Urls } from './server/greeting.ts';
import { limitHeapGrowth } from './server/limit-heap-growth.ts';
import { loadMetricsServer } from './server/metrics-server.ts';
import { createServer, type Server } from './server/server.ts';
import { hasLostTerminal } from './server/terminal.ts';

/** Where the configuration comes from. */
type Origin =
  | { readonly kind: 'file'; readonly read: () => Config }
  | { readonly kind: 'sandbox'; readonly sandbox: Sandbox };

/** Says why there is no server, in a sentence; the process ends with 1. */
function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const environment = readEnvironment();
  const command = readCommandLine(process.argv.slice(2), environment);
  switch (command.kind) {
    case 'help':
      process.stdout.write(usage);
      return;
    case 'version':
      process.stdout.write(`${readVersion()}\n`);
      return;
    case 'mistake':
      return fail(`${command.message}\n\n${usage}`);
    case 'serve':
      if (command.configFile === null) return serveSandbox(command.overrides);
      return serveFile(command.configFile, command.overrides);
  }
}

async function serveFile(path: string, overrides: ServerOverrides): Promise<void> {
  const read = () => loadConfig(path, readEnvironment(), overrides);
  await serve(read(), { kind: 'file', read });
}

async function serveSandbox(overrides: ServerOverrides): Promise<void> {
  const sandbox = await startSandbox();
  try {
    await serve(toSandboxConfig(sandbox, overrides), { kind: 'sandbox', sandbox });
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
    ...settings,
  }));
  // Whoever looks at sample data wants to read the sentences below, not a log.
  return toConfig({ server: { log: { level: 'warn' } }, sources }, {}, overrides);
}

async function serve(config: Config, origin: Origin): Promise<void> {
  const { metrics } = config.server;
  const server = createServer(config, metrics === undefined ? null : await loadMetricsServer(metrics));
  let urls: Urls;
  try {
    urls = await server.listen();
  } catch (error) {
    const sentence = toListenSentence(error, config);
    if (sentence === null) throw error;
    await close(server, origin);
    return fail(sentence);
  }
  listenToSignals(server, origin);
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

function listenToSignals(server: Server, origin: Origin): void {
  let stoppingSince: number | null = null;
  const stop = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (stoppingSince !== null) {
      // Whoever asks again does not want to wait.
      if (now - stoppingSince > echoMs) process.exit(1);
      return;
    }
    stoppingSince = now;
    close(server, origin).then(() => end(signal), failUnexpectedly);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
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
  process.stderr.write(`${toText(error)}\n`);
}

function toText(error: unknown): string {
  if (error instanceof ConfigError) return error.lines.join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : 'A value that is not an Error was thrown.';
}

function failUnexpectedly(error: unknown): void {
  fail(toText(error));
  process.exit();
}

run().catch((error: unknown) => {
  if (error instanceof ConfigError) fail(toText(error));
  else failUnexpectedly(error);
});
