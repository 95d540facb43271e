import type { z } from 'zod';
import type { Problem } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Path = Problem['path'];

/** The problems that zod found in `value`, in our words. Values are never quoted: they may be secrets. */
export function toProblems(error: z.ZodError, value: unknown, at: Path): Problem[] {
  return error.issues.flatMap((issue) => toIssueProblems(issue, value, at));
}

function toIssueProblems(issue: Issue, value: unknown, at: Path): Problem[] {
  const own = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const path = [...at, ...own];
  if (issue.code === 'unrecognized_keys') {
    // One line for each key: see settings.ts.
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      message: messages.length === issue.keys.length ? (messages[index] ?? '') : 'is not a setting here',
    }));
  }
  const isMissing = issue.code !== 'custom' && valueAt(value, own) === undefined;
  return [{ path, message: isMissing ? 'is required' : toMessage(issue) }];
}

function toMessage(issue: Issue): string {
  const isZodsOwn = /^(Invalid|Too (small|big)|Unrecognized|Expected)/.test(issue.message);
  if (!isZodsOwn) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${nameOf(issue.expected)}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map(String))}`;
    case 'invalid_union':
      return issue.discriminator === undefined
        ? 'has a form that is not allowed here'
        : `needs a known "${issue.discriminator}"`;
    case 'too_small':
      return atLeast(issue.origin, Number(issue.minimum));
    case 'too_big':
      return issue.origin === 'string'
        ? `must not be longer than ${issue.maximum} characters`
        : `must not be more than ${issue.maximum}`;
    case 'invalid_format':
      return issue.pattern === undefined ? `must be a valid ${issue.format}` : `must match ${issue.pattern}`;
    default:
      return issue.message;
  }
}

function atLeast(origin: string, minimum: number): string {
  if (origin === 'array') return `must have at least ${minimum} ${minimum === 1 ? 'entry' : 'entries'}`;
  if (origin !== 'string') return `must be at least ${minimum}`;
  return minimum === 1 ? 'must not be empty' : `must have at least ${minimum} characters`;
}

function nameOf(expected: string): string {
  switch (expected) {
    case 'string':
      return 'a text';
    case 'int':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'a mapping';
    default:
      return expected;
  }
}

function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? `"${last}"` : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, part) => {
    if (typeof current !== 'object' || current === null) return undefined;
    return Object.entries(current).find(([key]) => key === String(part))?.[1];
  }, value);
}
