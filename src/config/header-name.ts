import { z } from 'zod';

// They describe the connection or the message, so they cannot carry an identity or a credential.
const reserved: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
]);

/** The name of a header that carries an identity or a credential. */
export const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be a valid header name')
  .refine((name) => !reserved.has(name.toLowerCase()), 'must not be a header with a meaning of its own in HTTP');

/** Only ASCII: servers read other bytes in different ways. */
export const headerText = z
  .string()
  .min(1)
  .regex(/^[!-~]([ -~]*[!-~])?$/, 'must be printable ASCII without leading or trailing spaces');
