import type { Explain, Explanation } from '../http/upstream.ts';

/** A refusal that is recognised by its sentence, which is never passed on. */
export interface KnownRefusal {
  readonly says: RegExp;
  /** What the status should have been; null where it is right. */
  readonly status: number | null;
  readonly sentence: string;
}

export function recognise(known: readonly KnownRefusal[], text: string | null, sent: number): Explanation | null {
  const refusal = known.find(({ says }) => says.test(text ?? ''));
  return refusal === undefined ? null : { status: refusal.status ?? sent, sentence: refusal.sentence };
}

/** A list is always there: a 404 that nothing explains is of a URL that leads elsewhere. */
export function ofList(explain: Explain): Explain {
  return (status, body) => {
    const explained = explain(status, body);
    if (explained !== null || status !== 404) return explained;
    return { status, sentence: 'has no such list at its URL: check `url` in its configuration' };
  };
}
