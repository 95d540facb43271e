import { httpLimits } from '../http/limits.ts';
import { settings } from './settings.ts';

/** The limits that one source has instead of the server's: without defaults. */
export const ownHttpLimits = settings(
  Object.fromEntries(Object.entries(httpLimits).map(([name, limit]) => [name, limit.unwrap().optional()])),
);
