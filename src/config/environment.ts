import type { Environment } from './interpolate.ts';

export function readEnvironment(): Environment {
  return process.env;
}
