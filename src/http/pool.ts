import { Pool } from 'undici';
import type { HttpLimits } from './limits.ts';

export function createPool(origin: string, limits: HttpLimits): Pool {
  return new Pool(origin, {
    // The limiter limits the connections.
    connections: null,
    connect: { timeout: limits.attemptTimeoutMs },
    // One timer for the whole attempt replaces them.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
