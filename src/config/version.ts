import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The same file from `src` and from `dist`. */
const packageFile = new URL('../../package.json', import.meta.url);

export function readVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version;
}
