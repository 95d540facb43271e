import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { Environment } from './interpolate.ts';
import { type Problem, toPathText } from './problem.ts';
import { readConfig } from './read-config.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

export interface ServerOverrides {
  readonly host?: string;
  readonly port?: number;
  readonly allowAnonymous?: boolean;
}

/** The configuration in a file, or a ConfigError with a line for everything that is wrong. */
export function loadConfig(path: string, environment: Environment, overrides: ServerOverrides = {}): Config {
  const { value, lineOf } = readConfigFile(path);
  const result = readConfig(withOverrides(value, overrides), environment, dirname(path));
  if (result.kind === 'config') return result.config;
  const located = result.problems.map((problem) => ({ problem, line: lineOf(problem.path) ?? 1 }));
  throw new ConfigError(
    located
      .sort((left, right) => left.line - right.line)
      .map(({ problem, line }) => `${path}:${line}  ${toLine(problem)}`),
  );
}

/** The configuration in a value of this program. */
export function toConfig(value: unknown, environment: Environment = {}, overrides: ServerOverrides = {}): Config {
  const result = readConfig(withOverrides(value, overrides), environment, '.');
  if (result.kind === 'config') return result.config;
  throw new ConfigError(result.problems.map(toLine));
}

export function readConfigFile(path: string): YamlFile {
  const yaml = readYaml(readText(path));
  if (yaml.kind === 'file') return yaml.file;
  throw new ConfigError(yaml.mistakes.map(({ line, message }) => `${path}:${line}  ${message}`));
}

export function toLine({ path, message }: Problem): string {
  const place = toPathText(path);
  return place === '' ? message : `${place}  ${message}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    throw new ConfigError([`${path}  ${code === 'ENOENT' ? 'does not exist' : 'cannot be read'}`]);
  }
}

function withOverrides(value: unknown, overrides: ServerOverrides): unknown {
  const isMapping = (thing: unknown): thing is object =>
    typeof thing === 'object' && thing !== null && !Array.isArray(thing);
  if (Object.keys(overrides).length === 0 || !isMapping(value)) return value;
  const server = 'server' in value && isMapping(value.server) ? value.server : {};
  return { ...value, server: { ...server, ...overrides } };
}
