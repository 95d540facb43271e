import { z } from 'zod';
import type { Reply } from './exchange.ts';
import { isJson, parseJson } from './read-json.ts';

// Letters only: a token or an id nearly always has a digit, a platform's name for an error never.
const errorName = z.string().regex(/^[A-Za-z][A-Za-z_.]{0,59}$/);
const errorBody = z.union([
  z.object({ error: z.object({ code: errorName }) }).transform(({ error }) => error.code),
  z.object({ error: errorName }).transform(({ error }) => error),
  z.object({ code: errorName }).transform(({ code }) => code),
  z.object({ error_code: errorName }).transform((body) => body.error_code),
]);

/** The platform's own name for an error (`session_not_found`), for the log. The rest of the body may hold personal data. */
export function readErrorName(reply: Reply): string | null {
  if (!isJson(reply.headers)) return null;
  const result = errorBody.safeParse(parseJson(reply.text));
  return result.success ? result.data : null;
}
