import { type Instant, parseInstant } from '../../domain/instant.ts';

/** A row and the time zone of its times, which the platform leaves out. */
export interface Zoned<Row> {
  readonly row: Row;
  readonly timezone: string;
}

export function toInstant(time: string | null, timezone: string): Instant | null {
  return time === null ? null : parseInstant(time, timezone);
}
