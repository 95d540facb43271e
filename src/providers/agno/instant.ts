import { z } from 'zod';
import { type Instant, instantFromSeconds, parseInstant } from '../../domain/instant.ts';
import { nullable } from '../wire.ts';

/** Times are texts nearly everywhere, and seconds in the workflow sessions and runs of 2.3 and in messages. */
export const wireTime = nullable(z.union([z.string(), z.number()]));

type WireTime = z.infer<typeof wireTime>;

export function toInstant(time: WireTime): Instant | null {
  if (time === null) return null;
  return typeof time === 'number' ? instantFromSeconds(time) : parseInstant(time);
}

/** The platform treats 0 as no time, except in lists. */
export function toTimeUnlessZero(time: WireTime): Instant | null {
  const instant = toInstant(time);
  return instant?.micros === 0 ? null : instant;
}
