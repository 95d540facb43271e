/** One thing that must hold, with one tool that people really use. */
export interface Check {
  readonly name: string;
  /** Packages in the lock of this folder, of `examples/` or of the server; their versions go into the table. */
  readonly tools: readonly string[];
  /** What was seen, without times or dates, so that two runs say the same; rejects when the check fails. */
  run(): Promise<string>;
}

export class CheckFailed extends Error {}

export function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new CheckFailed(sentence);
}

/** Compares as JSON, because some tools answer objects without a prototype. */
export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [canonical(actual), canonical(expected)];
  must(left === right, `${what} differs:\n  got      ${left}\n  expected ${right}`);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
