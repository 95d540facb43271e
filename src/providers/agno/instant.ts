import { z } from 'zod';
import { type Instant, instantFromSeconds, parseInstant } from '../../domain/instant.ts';
import { nullable } from '../wire.ts';

/** Times are texts nearly everywhere, and seconds in the workflow sessions of 2.3 and in messages. */
export const wireTime = nullable(z.union([z.string(), z.number()]));

export function toInstant(time: z.infer<typeof wireTime>): Instant | null {
  if (time === null) return null;
  return typeof time === 'number' ? instantFromSeconds(time) : parseInstant(time);
}
