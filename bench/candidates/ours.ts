import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate, Setting } from '../candidate.ts';
import { repository } from '../paths.ts';
import { user } from '../world.ts';

/** Session Graph as it is built, with a configuration file. */
export function ours(name: string, settings: Readonly<Record<string, unknown>>): Candidate {
  return {
    name,
    command({ world, urls, folder }: Setting) {
      const config = join(folder, 'session-graph.yaml');
      const sources = world.map(({ id, provider }) => ({
        id,
        provider,
        url: urls[id],
        ...(provider === 'agentscope' ? { user: { constant: user } } : {}),
      }));
      // JSON is YAML.
      writeFileSync(config, JSON.stringify({ server: { port: 0 }, sources, ...settings }));
      return [join(repository, 'dist', 'main.js'), '--config', config];
    },
  };
}
