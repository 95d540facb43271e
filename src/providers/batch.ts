import type { BatchResult } from './source.ts';

/** Answers every key by itself: one that fails is an error of its own and of no other. */
export async function answerEach<Record>(
  keys: readonly string[],
  answer: (key: string) => Promise<Record | null>,
): Promise<BatchResult<Record>> {
  const answers = await Promise.allSettled(keys.map(answer));
  return answers.map((settled) => (settled.status === 'fulfilled' ? settled.value : toError(settled.reason)));
}

/** What is known or under way for a key, else what `read` finds, which is then known. */
export function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  read: (key: string) => Promise<Value>,
): Promise<Value> {
  const answer = known.get(key) ?? read(key);
  known.set(key, answer);
  return answer;
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('A platform could not be asked.', { cause });
}
