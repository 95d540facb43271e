import { microsPerSecond, nowMicros } from '../../src/sandbox/clock.ts';
import type { NewSession } from './controls.ts';

/** Times for sessions added while the platform runs: each later than everything seeded and added before it. */
export function createAddedTimes(): (input: NewSession) => number {
  let latest = nowMicros;
  return (input) => {
    const given = input.createdAtMicros ?? (input.createdAt == null ? null : input.createdAt * 1000);
    if (given !== null) {
      latest = Math.max(latest, given);
      return given;
    }
    latest += microsPerSecond;
    return latest;
  };
}
