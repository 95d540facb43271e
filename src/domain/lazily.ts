/** The same question, asked at most once, when it is first needed. */
export function lazily<Value>(ask: () => Value): () => Value {
  let answer: { readonly value: Value } | null = null;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
  };
}
