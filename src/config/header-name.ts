import { z } from 'zod';

// What describes the connection or the message itself: not a place for an identity or a credential.
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
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header')
  .refine((name) => !reserved.has(name.toLowerCase()), 'must be a header that has no meaning of its own');

/** As much of Latin-1 as every server understands the same way. */
export const headerText = z
  .string()
  .min(1)
  .regex(/^[!-~]([ -~]*[!-~])?$/, 'must be printable ASCII without spaces at its ends');
