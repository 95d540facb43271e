import { z } from 'zod';
import type { Explanation } from '../../http/upstream.ts';
import { type KnownRefusal, recognise } from '../refusal.ts';

/**
 * What a refusal means. Up to 2.9, lists of sessions answer every problem with a database as a 404 and put the real status
 * into the text, `400: ...`. The words of the platform are recognised but never passed on.
 */
export function explainRefusal(status: number, body: unknown): Explanation | null {
  const { detail = null, error_code: code = null } = refusal.safeParse(body).data ?? {};
  const [, inner, text = ''] = /^(?:([45]\d\d): )?(.*)$/s.exec(detail ?? '') ?? [];
  const known = recognise(problems, text, status);
  if (known !== null) return known;
  if (inner !== undefined) return { status: Number(inner), sentence: null };
  const meant = code === null ? undefined : documentedStatuses.get(code);
  return meant === undefined || meant === status ? null : { status: meant, sentence: null };
}

const refusal = z.object({ detail: z.string().nullish().catch(null), error_code: z.string().nullish().catch(null) });

const problems: readonly KnownRefusal[] = [
  {
    says: /^The db_id query parameter is required when using multiple databases/,
    status: 400,
    sentence: 'has several databases: set `dbId` in its configuration',
  },
  {
    says: /^No database found with id /,
    status: 400,
    sentence: 'has no database with the configured `dbId`',
  },
  {
    says: /^No database with id .* has table /s,
    status: 400,
    sentence: 'has no table with the name configured as `table`',
  },
  {
    says: /^(No database is configured|coroutine raised StopIteration)/,
    status: 400,
    sentence: 'has no database, so it keeps no sessions',
  },
  {
    says: /^(Token has expired|Invalid or expired service account token)/,
    status: 401,
    sentence: 'says that the credential has expired or is unknown',
  },
  {
    says: /^Insufficient permissions/,
    status: 403,
    sentence: 'accepts the credential, but this request needs a scope that the credential lacks',
  },
];

/** The values of `error_code` that the platform documents. No version was seen to send one. */
const documentedStatuses: ReadonlyMap<string, number> = new Map([
  ['BAD_REQUEST', 400],
  ['UNAUTHENTICATED', 401],
  ['NOT_FOUND', 404],
  ['VALIDATION_ERROR', 422],
  ['INTERNAL_SERVER_ERROR', 500],
]);
