import { parseArgs } from 'node:util';
import type { Environment } from './interpolate.ts';
import type { ServerOverrides } from './load-config.ts';
import { isLoopback } from './loopback.ts';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'serve'; readonly configFile: string | null; readonly overrides: ServerOverrides };

export const usage = `Usage: npm start -- [options]

  --config <file>  read this configuration file (YAML). Default: the environment variable
                   SESSION_GRAPH_CONFIG. Without a configuration, the server shows sample data.
  --host <host>    listen on this address. Overrides the configuration.
  --port <port>    listen on this port. Overrides the configuration. 0 means any free port.
  --public         show the sample data to everybody who can reach this machine, for example
                   from a container. Not allowed together with a configuration.
  --version        print the version
  --help           print this help

Example: npm start -- --port 4001
`;

const options = {
  config: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  public: { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Flags = Exclude<ReturnType<typeof parse>, Error>;

export function readCommandLine(words: readonly string[], environment: Environment): Command {
  const flags = parse(words);
  if (flags instanceof Error) return { kind: 'mistake', message: flags.message };
  if (flags.help === true) return { kind: 'help' };
  if (flags.version === true) return { kind: 'version' };
  const { config = environment.SESSION_GRAPH_CONFIG ?? '' } = flags;
  const configFile = config === '' ? null : config;
  const message = mistakeIn(flags, configFile);
  return message === null ? { kind: 'serve', configFile, overrides: toOverrides(flags) } : { kind: 'mistake', message };
}

function mistakeIn({ host, port, public: isPublic }: Flags, configFile: string | null): string | null {
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    return `--port must be a number from 0 to 65535, not "${port}".`;
  }
  if (isPublic === true && configFile !== null) {
    return `--public is only for the sample data. Who can use this server is set in ${configFile}, in server.host and server.auth.`;
  }
  if (isPublic !== true && configFile === null && host !== undefined && !isLoopback(host)) {
    return `Other machines can reach ${host}. Add --public to show the sample data to everybody.`;
  }
  return null;
}

function toOverrides({ host, port, public: isPublic }: Flags): ServerOverrides {
  return {
    ...(isPublic === true ? { host: '0.0.0.0', allowAnonymous: true } : {}),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return error instanceof Error ? error : new Error('The arguments could not be parsed.');
  }
}
