import { z } from 'zod';
import { isLoopback } from './loopback.ts';

export const httpUrl = z
  .string()
  .refine((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''), 'must be an http or https URL')
  .refine((text) => !/^[^/]*:\/\/[^/]*@/.test(text), 'must not contain a credential: set it in `auth`')
  .refine((text) => !/[?#]/.test(text), 'must not have a query or a fragment');

export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** Whether what is sent to this URL can be read in transit. */
export function isReadableInTransit(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && url.protocol === 'http:' && !isLoopback(url.hostname);
}
