import type { z } from 'zod';
import { mayHoldBigNumbers, withBigNumbersAsTexts } from '../domain/big-numbers.ts';

/**
 * What the schema makes of a JSON text whose numbers may be too long for JavaScript, which holds sixteen digits: whole numbers
 * beyond that become texts of their digits, except where the schema wants a number.
 */
export function parseExactly<Value>(
  text: string,
  rounded: unknown,
  schema: z.ZodType<Value>,
): z.ZodSafeParseResult<Value> {
  if (!mayHoldBigNumbers(text)) return schema.safeParse(rounded);
  const exact: unknown = JSON.parse(withBigNumbersAsTexts(text));
  const result = schema.safeParse(exact);
  if (result.success) return result;
  for (const path of numbersWanted(result.error.issues)) roundAt(exact, rounded, path);
  const again = schema.safeParse(exact);
  return again.success ? again : schema.safeParse(rounded);
}

type Path = readonly PropertyKey[];

/** Where the schema asks for numbers, also inside of its alternatives. */
function numbersWanted(issues: readonly z.core.$ZodIssue[], parent: Path = []): readonly Path[] {
  return issues.flatMap((issue) => {
    const path = [...parent, ...issue.path];
    if (issue.code === 'invalid_union') return issue.errors.flatMap((errors) => numbersWanted(errors, path));
    return issue.code === 'invalid_type' && issue.expected === 'number' ? [path] : [];
  });
}

function roundAt(exact: unknown, rounded: unknown, path: Path): void {
  const last = path.at(-1);
  const parents = path.slice(0, -1);
  const target = parents.reduce(valueAt, exact);
  const value = path.reduce(valueAt, rounded);
  if (typeof value !== 'number' || last === undefined || typeof target !== 'object' || target === null) return;
  Reflect.set(target, last, value);
}

function valueAt(parent: unknown, name: PropertyKey): unknown {
  return typeof parent === 'object' && parent !== null ? Reflect.get(parent, name) : undefined;
}
