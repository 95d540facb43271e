import { type Instant, instantFromSeconds, parseInstant } from '../../domain/instant.ts';

/** Times are texts nearly everywhere, and seconds in the workflow sessions of 2.3 and in messages. */
export function toInstant(time: string | number | null): Instant | null {
  if (time === null) return null;
  return typeof time === 'number' ? instantFromSeconds(time) : parseInstant(time);
}
