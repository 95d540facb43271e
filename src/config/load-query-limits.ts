import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { toProblems } from './issue-problems.ts';
import { limits } from './limits-schema.ts';
import { readConfigFile, toLine } from './load-config.ts';

export type QueryLimits = z.output<typeof limits>['query'];

/**
 * What a query may be where the configuration in a file is used, or without one. Nothing else of the file is looked at: it may need
 * secrets that are not here, and name a manifest that is not written yet.
 */
export function loadQueryLimits(path: string | null, environment: Environment): QueryLimits {
  if (path === null) return limits.parse({}).query;
  const { value, lineOf } = readConfigFile(path);
  const given = interpolate(at(at(at(value, 'server'), 'limits'), 'query') ?? {}, environment);
  const result = limits.safeParse({ query: given.value });
  const place = ['server', 'limits'];
  const problems = [
    ...given.problems.map((problem) => ({ ...problem, path: [...place, 'query', ...problem.path] })),
    ...(result.success ? [] : toProblems(result.error, { query: given.value }, place)),
  ];
  if (!result.success || problems.length > 0) {
    throw new ConfigError(problems.map((problem) => `${path}:${lineOf(problem.path) ?? 1}  ${toLine(problem)}`));
  }
  return result.data.query;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : null;
}
