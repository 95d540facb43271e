import { parseArgs } from 'node:util';
import type { Environment } from './interpolate.ts';
import type { ServerOverrides } from './load-config.ts';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'serve'; readonly configFile: string | null; readonly overrides: ServerOverrides };

export const usage = `Usage: session-graph [options]

  --config <file>  the configuration (YAML); SESSION_GRAPH_CONFIG says the same.
                   Without one, sample data is served by platforms simulated in this process.
  --host <host>    the address to listen on, whatever the configuration says
  --port <port>    the port to listen on, whatever the configuration says; 0 for any that is free
  --version        prints the version
  --help           prints this
`;

const options = {
  config: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export function readCommandLine(words: readonly string[], environment: Environment): Command {
  const values = parse(words);
  if (values instanceof Error) return { kind: 'mistake', message: values.message };
  const { config = environment.SESSION_GRAPH_CONFIG ?? '', host, port, version, help } = values;
  if (help === true) return { kind: 'help' };
  if (version === true) return { kind: 'version' };
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    return { kind: 'mistake', message: `--port must be a number from 0 to 65535, not "${port}".` };
  }
  const overrides = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
  return { kind: 'serve', configFile: config === '' ? null : config, overrides };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return error instanceof Error ? error : new Error('The arguments cannot be read.');
  }
}
