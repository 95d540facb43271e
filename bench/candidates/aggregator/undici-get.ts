import { Pool } from 'undici';
import type { Get } from './platform.ts';
import type { SourceSettings } from './sources.ts';

/** Over connections that stay open. */
export function undiciGet({ url }: SourceSettings): Get {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin);
  const base = pathname === '/' ? '' : pathname;
  return async (path, headers) => {
    const { statusCode, body } = await pool.request({ method: 'GET', path: base + path, headers });
    if (statusCode === 200) return body.json();
    await body.dump();
    throw new Error(`${origin} answered ${statusCode} to ${path}`);
  };
}
