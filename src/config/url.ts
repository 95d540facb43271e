import { z } from 'zod';
import { isLoopback } from './loopback.ts';

export const httpUrl = z
  .string()
  .refine((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''), 'must be an http or https URL')
  .refine((text) => !/^[^/]*:\/\/[^/]*@/.test(text), 'must not contain a credential: set it in `auth`')
  .refine((text) => !/[?#]/.test(text), 'must not have a query or a fragment');

/** Its path is the number of a database. ioredis would take options from its query. */
export const redisUrl = z
  .string()
  .refine((text) => /^rediss?:\/\/[^/]/.test(text) && parseUrl(text) !== null, 'must be a redis or rediss URL')
  .refine((text) => /^\/?\d*$/.test(parseUrl(text)?.pathname ?? ''), 'must have no path but the number of a database')
  .refine((text) => !/[?#]/.test(text), 'must not have a query or a fragment')
  .refine((text) => urlPassword(text) !== null, 'must have a password whose special characters are percent-encoded');

export const postgresUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\/[^/]/.test(text) && parseUrl(text) !== null,
    'must be a URL such as postgres://user:password@host/database',
  )
  .refine((text) => !text.includes('#'), 'must not have a fragment')
  .refine((text) => urlPassword(text) !== null, 'must have a password whose special characters are percent-encoded');

/** As it is sent; `''` when there is none, and null when it cannot be decoded. */
export function urlPassword(text: string): string | null {
  const { username = '', password = '' } = parseUrl(text) ?? {};
  try {
    decodeURIComponent(username);
    return decodeURIComponent(password);
  } catch {
    return null;
  }
}

export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** Whether what is sent to this URL can be read in transit. */
export function isReadableInTransit(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && url.protocol === 'http:' && !isLoopback(url.hostname);
}
