import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled, repository } from './paths.ts';
import { user, type World } from './world.ts';

/** One way to answer the queries: a process that prints its URL. */
export interface Candidate {
  readonly name: string;
  /** Whose schema it has. */
  readonly schema: 'ours' | 'plain';
  /** What follows `node`. */
  readonly command: (setting: Setting) => readonly string[];
}

export interface Setting {
  readonly world: World;
  /** Where the platform of each source is. */
  readonly urls: Readonly<Record<string, string>>;
  /** For files that the candidate needs; gone when the suite has ended. */
  readonly folder: string;
}

/** As in the script `start` of package.json. */
const youngGeneration = '--max-semi-space-size=32';

export const handWritten = plain('hand-written', 'hand-written.js');
export const naiveYoga = plain('naive Yoga + Pothos', 'naive-yoga.js');
export const apollo = plain('Apollo Server + RESTDataSource', 'apollo.js');
export const hive = plain('Hive Gateway over OpenAPI', 'hive.js');
export const bareYoga = plain('bare Yoga with the same limits', 'bare-yoga.js');

export const viewerHeaders = { 'x-proxy-secret': 'known to nobody but the proxy and this server' } as const;

/** Knows who asks, from a proxy, and asks AgentScope on behalf of whoever that is. */
const forViewers = {
  server: {
    port: 0,
    auth: {
      mode: 'header',
      header: 'x-viewer',
      secretHeader: 'x-proxy-secret',
      secret: viewerHeaders['x-proxy-secret'],
    },
  },
};

export const oursCold = ours('Session Graph, cold', { server: { port: 0, sharing: { enabled: false } } });
export const oursDefault = ours('Session Graph, default', {});
export const oursCopied = ours('Session Graph, with the catalog', {}, { catalog: true });
export const oursForViewers = ours('Session Graph, default', forViewers);

function ours(
  name: string,
  settings: Readonly<Record<string, unknown>>,
  ofSources: Readonly<Record<string, unknown>> = {},
): Candidate {
  const agentScopeUser = settings === forViewers ? 'viewer' : { constant: user };
  return {
    name,
    schema: 'ours',
    command({ world, urls, folder }) {
      const sources = world.map(({ id, provider }) => ({
        id,
        provider,
        url: urls[id],
        ...(provider === 'agentscope' ? { user: agentScopeUser } : {}),
        ...ofSources,
      }));
      // JSON is YAML.
      const config = JSON.stringify({ server: { port: 0 }, ...settings, sources });
      return [youngGeneration, join(repository, 'dist', 'main.js'), '--config', write(folder, name, config)];
    },
  };
}

function plain(name: string, file: string): Candidate {
  return {
    name,
    schema: 'plain',
    command({ world, urls, folder }) {
      const sources = world.map(({ id, provider }) => ({ id, provider, url: urls[id] }));
      const settings = JSON.stringify({ user, sources });
      return [join(compiled, 'candidates', 'servers', file), write(folder, name, settings)];
    },
  };
}

function write(folder: string, name: string, text: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}
