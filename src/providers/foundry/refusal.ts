import { z } from 'zod';
import type { Explanation } from '../../http/upstream.ts';
import { type KnownRefusal, ofList, recognise } from '../refusal.ts';

/** What a refusal means. The platform's code for it is used; its sentence is recognised at most and never passed on. */
export function explainRefusal(status: number, body: unknown): Explanation | null {
  const { code = null, message = null } = refusal.safeParse(body).data?.error ?? {};
  const known = code === null ? undefined : meanings.get(code);
  return known ?? recognise(problems, message, status);
}

export const explainList = ofList(explainRefusal);

const text = z.string().nullish().catch(null);
const refusal = z.object({ error: z.object({ code: text, message: text }) });

const meanings: ReadonlyMap<string, Explanation> = new Map([
  // A 401, which no other token cures.
  ['PermissionDenied', { status: 403, sentence: 'accepts the credential, which lacks a permission that this needs' }],
  [
    'preview_feature_required',
    {
      status: 422,
      sentence: 'requires its callers to opt in to a preview feature: check `features` in its configuration',
    },
  ],
  ['session_not_accessible', { status: 403, sentence: 'does not show this session to this user' }],
  ['session_not_found', { status: 404, sentence: null }],
  ['rate_limit_exceeded', { status: 429, sentence: null }],
]);

const problems: readonly KnownRefusal[] = [
  {
    says: /^(The project does not exist|Project not found)/i,
    // No 404, which would say that the session is gone.
    status: 422,
    sentence: 'has no such project: check `url` in its configuration',
  },
  {
    says: /audience is incorrect/i,
    status: null,
    sentence: 'does not accept the credential, which must be for the audience https://ai.azure.com',
  },
];
