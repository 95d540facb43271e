import { z } from 'zod';

// Only what is used, and leniently: absent, null and empty texts are the same, types are open texts, new properties pass.
// A row without its id is not skipped but fails the answer: a list that loses rows in silence is worse than none.
export const id = z
  .string()
  .min(1)
  .refine((value) => value.isWellFormed());
export const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));
// The id of another thing, for which a key is made of it.
export const reference = text.refine((value) => value === null || value.isWellFormed());
export const number = z.number().nullable().default(null);
export const flag = z.boolean().nullable().default(null);
// Texts nearly everywhere; seconds in the workflow sessions of 2.3 and in messages.
export const time = z.union([z.string(), z.number()]).nullable().default(null);
// Free-form, or of a type the platform does not document.
export const json = z.unknown().default(null);

export function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}
