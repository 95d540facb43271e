import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import type { Environment } from '../../src/config/interpolate.ts';
import { loadConfig, type ServerOverrides } from '../../src/config/load-config.ts';

export interface Written {
  readonly yaml: string;
  readonly environment?: Environment;
  readonly overrides?: ServerOverrides;
  /** Other files beside it, by name. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** The configuration in such a file. */
export function load({ yaml, environment = {}, overrides = {}, beside = {} }: Written): Config {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-config-'));
  try {
    const file = join(folder, 'session-graph.yaml');
    for (const [name, text] of Object.entries({ ...beside, 'session-graph.yaml': yaml })) {
      writeFileSync(join(folder, name), text);
    }
    return loadConfig(file, environment, overrides);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.lines.map((line) => line.replaceAll(`${folder}/`, '')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is said of such a file, as it is printed. */
export function complaints(written: Written): string {
  try {
    load(written);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'nothing';
}
