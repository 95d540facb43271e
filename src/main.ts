#!/usr/bin/env node
import { readCommandLine, usage } from './config/command-line.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { readEnvironment } from './config/environment.ts';
import { loadConfig, type ServerOverrides, toConfig } from './config/load-config.ts';
import { readVersion } from './config/version.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { type App, createApp } from './server/app.ts';
import { toGreeting, toTrialLine } from './server/greeting.ts';
import { limitHeapGrowth } from './server/limit-heap-growth.ts';

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
      return serve(loadConfig(command.configFile, environment, command.overrides), null);
  }
}

async function serveSandbox(overrides: ServerOverrides): Promise<void> {
  const sandbox = await startSandbox();
  try {
    await serve(toSandboxConfig(sandbox, overrides), sandbox);
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

async function serve(config: Config, sandbox: Sandbox | null): Promise<void> {
  const app = createApp(config);
  let endpoint: string;
  try {
    endpoint = await app.listen();
  } catch (error) {
    const sentence = toListenSentence(error, config);
    if (sentence === null) throw error;
    await app.close();
    await sandbox?.close();
    return fail(sentence);
  }
  process.stdout.write(toGreeting(config, endpoint, sandbox !== null));
  limitHeapGrowth();
  stopOnSignals(app, sandbox);
  if (sandbox === null) await trySources(app, config);
}

/** Each result as it comes: a platform that does not answer must hold up nothing. */
async function trySources(app: App, config: Config): Promise<void> {
  const printing = app.tryOut().map(async (trial) => {
    const text = toTrialLine(await trial, config);
    if (text !== null) process.stdout.write(`${text}\n`);
  });
  await Promise.all(printing);
}

function toListenSentence(error: unknown, { server: { host, port } }: Config): string | null {
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

function stopOnSignals(app: App, sandbox: Sandbox | null): void {
  let stoppingSince: number | null = null;
  const stop = (): void => {
    const now = performance.now();
    if (stoppingSince !== null) {
      // Whoever asks again does not want to wait.
      if (now - stoppingSince > echoMs) process.exit(1);
      return;
    }
    stoppingSince = now;
    app
      .close()
      .then(() => sandbox?.close())
      .then(() => process.exit(0), failUnexpectedly);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function failUnexpectedly(error: unknown): void {
  fail(error instanceof Error ? (error.stack ?? error.message) : 'A value that is not an Error was thrown.');
  process.exit();
}

run().catch((error: unknown) => {
  if (error instanceof ConfigError) fail(error.lines.join('\n'));
  else failUnexpectedly(error);
});
