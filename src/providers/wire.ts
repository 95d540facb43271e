import { z } from 'zod';

/**
 * The words in which every provider says what it reads. Only what is used, and leniently: absent, null and empty texts are the
 * same, states are open texts, new properties pass. A row without its id is not skipped but fails the answer: a list that
 * loses rows in silence is worse than none.
 */

export const id = z
  .string()
  .min(1)
  .refine((value) => value.isWellFormed());

export const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));

/** The id of another thing, for which a key is made of it. */
export const reference = text.refine((value) => value === null || value.isWellFormed());

export const number = z.number().nullable().default(null);

/** A number that the graph has as an `Int`; any other is not known. */
export const int = z.int32().nullable().catch(null).default(null);

export const flag = z.boolean().nullable().default(null);

/** Free-form, or of a type the platform does not document. */
export const json = z.unknown().default(null);

export function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

export const texts = list(z.string());

export function nullable<Value extends z.ZodType>(value: Value) {
  return value.nullable().default(null);
}

/** A part of a row. Where it is absent, so is each of its values. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => value ?? {}, z.object(shape));
}
