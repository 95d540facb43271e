import type { NewSession } from './platform.ts';
import type { Random } from './random.ts';

export const MICROS_PER_SECOND = 1_000_000;
/** The sandbox's "now" is fixed, so that the same seed gives the same answers on every day. */
export const NOW_MICROS = Date.UTC(2026, 10, 20, 12, 0, 0) * 1000;
const TWO_YEARS_MICROS = 730 * 86_400 * MICROS_PER_SECOND;

/** Creation times of the last two years, newest first, denser towards the end, with groups that share one instant. */
export function creationTimes(count: number, random: Random, granularities: readonly number[]): Float64Array {
  const times = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const age = random.next() ** 1.4 * TWO_YEARS_MICROS;
    times[index] = floorTo(NOW_MICROS - age - MICROS_PER_SECOND, random.pick(granularities));
  }
  times.sort().reverse();
  const share = (from: number, size: number): void => {
    if (from + size > count) return;
    const instant = floorTo(times[from] ?? 0, MICROS_PER_SECOND);
    for (let index = from; index < from + size; index += 1) times[index] = instant;
  };
  // An import of 34 and several small bursts; flooring the first to its second keeps the order.
  if (count >= 150) share(Math.floor(count / 3), 34);
  for (let from = 11; from < count; from += 53) share(from, 2 + (from % 4));
  return times.sort().reverse();
}

function floorTo(value: number, unit: number): number {
  return Math.floor(value / unit) * unit;
}

/** Chrono's way: as many fraction digits as the value needs, in threes. */
export function rfc3339(micros: number, nanos = 0): string {
  const seconds = new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19);
  const fraction = micros % MICROS_PER_SECOND;
  if (nanos !== 0) return `${seconds}.${digits(fraction, 6)}${digits(nanos, 3)}Z`;
  if (fraction === 0) return `${seconds}Z`;
  if (fraction % 1000 === 0) return `${seconds}.${digits(fraction / 1000, 3)}Z`;
  return `${seconds}.${digits(fraction, 6)}Z`;
}

/** Python's `datetime.isoformat()` of a local time: no zone, and no fraction when it is zero. */
export function naiveLocal(micros: number, offsetMinutes: number): string {
  const local = micros + offsetMinutes * 60 * MICROS_PER_SECOND;
  const seconds = new Date(Math.floor(local / 1000)).toISOString().slice(0, 19);
  const fraction = local % MICROS_PER_SECOND;
  return fraction === 0 ? seconds : `${seconds}.${digits(fraction, 6)}`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** Times for sessions added while the platform runs: each later than everything seeded and added before it. */
export function createLogicalClock(): (input: NewSession) => number {
  let latest = NOW_MICROS;
  return (input) => {
    const given = input.createdAtMicros ?? (input.createdAt == null ? null : input.createdAt * 1000);
    if (given !== null) {
      latest = Math.max(latest, given);
      return given;
    }
    latest += MICROS_PER_SECOND;
    return latest;
  };
}
