import { z } from 'zod';
import type { Reply } from './exchange.ts';
import { isJson, parseJson } from './read-json.ts';

// Letters only: a token or an id nearly always has a digit, a platform's name for an error never.
const word = z.string().regex(/^[A-Za-z][A-Za-z_.]{0,59}$/);
const errorBody = z.union([
  z.object({ error: z.object({ code: word }) }).transform(({ error }) => error.code),
  z.object({ error: word }).transform(({ error }) => error),
  z.object({ code: word }).transform(({ code }) => code),
  z.object({ error_code: word }).transform((body) => body.error_code),
]);

/** The platform's own name for an error (`session_not_found`), for the log. The rest of the body is nobody's business. */
export function readErrorWord(reply: Reply): string | null {
  if (!isJson(reply.headers)) return null;
  const result = errorBody.safeParse(parseJson(reply.text));
  return result.success ? result.data : null;
}
