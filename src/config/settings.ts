import { z } from 'zod';
import { suggest } from './suggest.ts';

/** A mapping that accepts no other keys. Each unknown key gets a line of its own with the probable correction. */
export function settings<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys' || !Array.isArray(issue.keys)) return undefined;
      return issue.keys.map((key) => toUnknownKeyMessage(String(key), known)).join('\n');
    },
  });
}

function toUnknownKeyMessage(key: string, known: readonly string[]): string {
  const meant = suggest(key, known);
  if (meant !== null) return `is not a setting; did you mean "${meant}"?`;
  return `is not a setting here; the settings are ${[...known].sort().join(', ')}`;
}
