import { z } from 'zod';
import type { Explanation } from '../../http/upstream.ts';
import { type KnownRefusal, ofList, recognise } from '../refusal.ts';

/**
 * What a refusal means. Most have no code but a sentence, of which each generation of the platform has another form; the
 * sentence is recognised and never passed on.
 */
export function explainRefusal(status: number, body: unknown): Explanation | null {
  const { code, message } = refusal.safeParse(body).data ?? { code: null, message: null };
  if (code === 'rate_limited') return { status: 429, sentence: null };
  return recognise(problems, message, status);
}

export const explainList = ofList(explainRefusal);

const text = z.string().nullable().default(null).catch(null);

// A sentence, as the documents have it an object, and RFC 9457.
const refusal = z.union([
  z.object({ error: z.string() }).transform(({ error }) => ({ code: null, message: error })),
  z.object({ error: z.object({ code: text, message: text }) }).transform(({ error }) => error),
  z.object({ code: text, detail: text }).transform(({ code, detail }) => ({ code, message: detail })),
]);

const problems: readonly KnownRefusal[] = [
  {
    says: /^(Invalid organization ID|Organization not found)/i,
    // Neither the credential is wrong, as its 401 says, nor is the session gone, as its 404 would.
    status: 422,
    sentence: 'does not know the configured organization: check `organization` in its configuration',
  },
  {
    says: /^Multiple organizations available/i,
    status: 422,
    sentence: 'has several organizations: set `organization` in its configuration',
  },
  {
    says: /^No organization available/i,
    status: 403,
    sentence: 'accepts the credential, which belongs to no organization',
  },
  { says: /^API key expired/i, status: 401, sentence: 'says that the credential has expired' },
  {
    says: /^Admin access required/i,
    status: 403,
    sentence: 'accepts the credential, which lacks the rights of an administrator',
  },
];
