import type { Random } from './random.ts';

export const microsPerSecond = 1_000_000;
/** The sandbox's "now" is fixed, so that the same seed gives the same answers on every day. */
export const nowMicros = Date.UTC(2026, 10, 20, 12, 0, 0) * 1000;
const twoYearsMicros = 730 * 86_400 * microsPerSecond;

/** Creation times of the last two years, newest first, denser towards the end, with groups that share one instant. */
export function creationTimes(count: number, random: Random, granularities: readonly number[]): Float64Array {
  const times = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const age = random.next() ** 1.4 * twoYearsMicros;
    times[index] = floorTo(nowMicros - age - microsPerSecond, random.pick(granularities));
  }
  times.sort().reverse();
  const share = (from: number, size: number): void => {
    if (from + size > count) return;
    const instant = floorTo(times[from] ?? 0, microsPerSecond);
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
  const fraction = micros % microsPerSecond;
  if (nanos !== 0) return `${seconds}.${digits(fraction, 6)}${digits(nanos, 3)}Z`;
  if (fraction === 0) return `${seconds}Z`;
  if (fraction % 1000 === 0) return `${seconds}.${digits(fraction / 1000, 3)}Z`;
  return `${seconds}.${digits(fraction, 6)}Z`;
}

/** Python's `datetime.isoformat()` of a local time: no zone, and no fraction when it is zero. */
export function naiveLocal(micros: number, offsetMinutes: number): string {
  const local = micros + offsetMinutes * 60 * microsPerSecond;
  const seconds = new Date(Math.floor(local / 1000)).toISOString().slice(0, 19);
  const fraction = local % microsPerSecond;
  return fraction === 0 ? seconds : `${seconds}.${digits(fraction, 6)}`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
