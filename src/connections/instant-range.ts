import { RequestError } from '../domain/errors.ts';
import type { InstantRange } from '../domain/filter.ts';
import type { Instant } from '../domain/instant.ts';

export interface InstantRangeInput {
  readonly from?: Instant | null | undefined;
  readonly until?: Instant | null | undefined;
}

/** The range that a filter gives under this name. */
export function toInstantRange(name: string, range: InstantRangeInput | null | undefined): InstantRange | null {
  const from = range?.from?.micros ?? null;
  const until = range?.until?.micros ?? null;
  if (from !== null && until !== null && from >= until) {
    throw new RequestError('BAD_USER_INPUT', `In \`${name}\`, \`from\` must be before \`until\`.`);
  }
  return from === null && until === null ? null : { from, until };
}
