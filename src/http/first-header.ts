import type { ReplyHeaders } from './exchange.ts';

/** One value of a header that may have been sent several times. */
export function firstHeader(headers: ReplyHeaders, name: string): string | null {
  const value = headers[name];
  const first = typeof value === 'string' ? value : value?.[0];
  return first === undefined ? null : first.trim();
}
