import { parseArgs } from 'node:util';
import { agentScopeDialects } from './agentscope-dialect.ts';
import { agnoDialects } from './agno-dialect.ts';
import {
  type SandboxOptions,
  type SandboxSource,
  type SandboxSourceId,
  sandboxSourceIds,
  startSandbox,
} from './sandbox.ts';

const usage = `Usage: npm run sandbox -- [options]
  --seed <n>               the same seed gives the same data (default 1)
  --size <n>               sessions in all (default 2000)
  --<source>-sessions <n>  sessions of one source: ${sandboxSourceIds.join(', ')}
  --agno <version>         ${agnoDialects.join(', ')} (default 2.9)
  --agentscope <version>   of agentscope-views: ${agentScopeDialects.join(', ')} (default 2.0.10)
  --port <n>               first of ${sandboxSourceIds.length} ports in a row (default: free ones)`;

class UsageError extends Error {}

interface Flags {
  readonly [flag: string]: string | boolean | undefined;
}

function readFlags(): Flags {
  const text = { type: 'string' } as const;
  const perSource = Object.fromEntries(sandboxSourceIds.map((id) => [`${id}-sessions`, text]));
  try {
    const options = { seed: text, size: text, agno: text, agentscope: text, port: text, ...perSource };
    return parseArgs({ options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(flags: Flags, flag: string): number | undefined {
  const text = flags[flag];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${flag} wants a whole number, not '${text}'.`);
}

function oneOf<T extends string>(flags: Flags, flag: string, known: readonly T[]): T | undefined {
  const text = flags[flag];
  if (text === undefined) return undefined;
  const found = known.find((candidate) => candidate === text);
  if (found === undefined) throw new UsageError(`--${flag} wants one of ${known.join(', ')}, not '${text}'.`);
  return found;
}

function toOptions(flags: Flags): SandboxOptions {
  const sessions: Partial<Record<SandboxSourceId, number>> = {};
  const ports: Partial<Record<SandboxSourceId, number>> = {};
  const [seed, size, port] = [wholeNumber(flags, 'seed'), wholeNumber(flags, 'size'), wholeNumber(flags, 'port')];
  if (port !== undefined && port + sandboxSourceIds.length > 65_536) throw new UsageError('--port is too high.');
  for (const [index, id] of sandboxSourceIds.entries()) {
    const own = wholeNumber(flags, `${id}-sessions`);
    if (own !== undefined) sessions[id] = own;
    if (port !== undefined) ports[id] = port + index;
  }
  const agno = oneOf(flags, 'agno', agnoDialects);
  const agentscope = oneOf(flags, 'agentscope', agentScopeDialects);
  return {
    sessions,
    ports,
    ...(seed === undefined ? {} : { seed }),
    ...(size === undefined ? {} : { size }),
    ...(agno === undefined ? {} : { agno }),
    ...(agentscope === undefined ? {} : { agentscope }),
  };
}

function toYaml(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    const isPlain = typeof value !== 'string' || /^[A-Za-z][\w-]*$/.test(value);
    return isPlain ? String(value) : JSON.stringify(value);
  }
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${toYaml(inner)}`)
    .join(', ')} }`;
}

function report(sources: readonly SandboxSource[]): string {
  const width = Math.max(...sources.map(({ id }) => id.length));
  const lines = sources.map(({ id, platform, sessions }) => {
    const dialect = platform.dialect === null ? '' : ` (${platform.dialect})`;
    return `  ${id.padEnd(width)}  ${platform.url}  ${sessions} sessions${dialect}`;
  });
  const yaml = sources.map(({ id, provider, platform, settings }) => {
    return `  - ${toYaml({ id, provider, url: platform.url, ...settings })}`;
  });
  return [
    'The sandbox is running:',
    ...lines,
    '',
    '# session-graph.yaml',
    'sources:',
    ...yaml,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

async function run(): Promise<void> {
  const flags = readFlags();
  if (flags.help === true) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const sandbox = await startSandbox(toOptions(flags));
  process.stdout.write(report(sandbox.sources));
  const stop = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    void sandbox.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

run().catch((error: unknown) => {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const known = error instanceof UsageError ? `${error.message}\n\n${usage}` : null;
  const taken = isTaken ? 'A port is taken. Choose another one with --port, or none for free ports.' : null;
  const unknown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${known ?? taken ?? unknown}\n`);
  process.exitCode = 1;
});
