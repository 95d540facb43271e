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

  --config <file>  the configuration (YAML); SESSION_GRAPH_CONFIG says the same.
                   Without one, sample data is served by platforms simulated in this process.
  --host <host>    the address to listen on, whatever the configuration says
  --port <port>    the port to listen on, whatever the configuration says; 0 for any that is free
  --public         shows the sample data to everybody who can reach this machine, as from a container;
                   not together with a configuration, which says for itself who may ask
  --version        prints the version
  --help           prints this

For example: npm start -- --port 4001
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
    return `--public is for the sample data: ${configFile} says for itself, by server.host and server.auth, who may ask.`;
  }
  if (isPublic !== true && configFile === null && host !== undefined && !isLoopback(host)) {
    return `Others can reach ${host}: add --public to show the sample data to all of them.`;
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
    return error instanceof Error ? error : new Error('The arguments cannot be read.');
  }
}
