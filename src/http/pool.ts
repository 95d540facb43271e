import { Pool } from 'undici';
import type { HttpLimits } from './limits.ts';

export function createPool(origin: string, limits: HttpLimits): Pool {
  return new Pool(origin, {
    // How many connections there are is what the limiter lets through.
    connections: null,
    connect: { timeout: limits.attemptTimeoutMs },
    // One timer for the whole attempt takes their place.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
