/**
 * A point in time as the platforms give it. `Date` keeps milliseconds only and reads a text without a zone as local time,
 * so the order of lists rests on `micros`, and clients see `text`, which keeps the precision of the platform.
 */
export interface Instant {
  /** Microseconds since 1970, an integer: exact from 1684 to 2255, and outside of that the nearest of the numbers there are. */
  readonly micros: number;
  /** RFC 3339 with a zone. */
  readonly text: string;
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?\s*(Z|z|[+-]\d\d:?\d\d)?$/;

/** Reads an ISO 8601 text; one without a zone is taken as wall time in `zone`, an IANA name. Null when it is no time. */
export function parseInstant(text: string | null, zone = 'UTC'): Instant | null {
  if (text === null) return null;
  const usual = parseUsual(text, zone);
  if (usual !== null) return usual;
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match;
  const wall = utcMillis(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
  const isOnCalendar =
    new Date(wall).getUTCMonth() === Number(month) - 1 && new Date(wall).getUTCDate() === Number(day);
  if (!isOnCalendar || Number(hour) > 23 || Number(minute) > 59) return null;
  const minutes = offset === undefined ? zoneOffsetMinutes(zone, wall) : parseOffset(offset);
  const micros = (wall - minutes * 60_000) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  const digits = fraction === '' ? '' : `.${fraction}`;
  return { micros, text: `${year}-${month}-${day}T${hour}:${minute}:${second}${digits}${formatOffset(minutes)}` };
}

const digit0 = 48;

/** The form that nearly all times have, such as `2026-03-01T09:30:00.125Z`, without the objects of a match. Null for any other. */
function parseUsual(text: string, zone: string): Instant | null {
  const hasZone = text.endsWith('Z');
  if (!hasZone && zone !== 'UTC') return null;
  const end = hasZone ? text.length - 1 : text.length;
  const isUsual = end >= 19 && end <= 32 && text[4] === '-' && text[7] === '-' && text[10] === 'T';
  if (!isUsual || text[13] !== ':' || text[16] !== ':' || (end > 19 && (text[19] !== '.' || end === 20))) return null;
  const [year, month, day] = [numberAt(text, 0, 4), numberAt(text, 5, 7), numberAt(text, 8, 10)];
  const [hour, minute, second] = [numberAt(text, 11, 13), numberAt(text, 14, 16), numberAt(text, 17, 19)];
  const isPlausible = year > 99 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23 && minute <= 59;
  if (!isPlausible || !(second <= 59)) return null;
  const known = Math.min(end, 26);
  const fraction = end === 19 ? 0 : numberAt(text, 20, known) * 10 ** (26 - known);
  if (!(fraction >= 0) || !(end <= 26 || numberAt(text, 26, end) >= 0)) return null;
  const micros = Date.UTC(year, month - 1, day, hour, minute, second) * 1000 + fraction;
  return { micros, text: hasZone ? text : `${text}Z` };
}

/** NaN where there is anything but digits. */
function numberAt(text: string, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - digit0;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}

const secondsOfYear0 = -62_167_219_200;
const secondsOfYear10000 = 253_402_300_800;

/** Null outside of the years 0000 to 9999, which are all that the text can name. */
export function instantFromSeconds(seconds: number | null): Instant | null {
  if (seconds === null || !(seconds >= secondsOfYear0 && seconds < secondsOfYear10000)) return null;
  const micros = Math.round(seconds * 1_000_000);
  const whole = Math.floor(micros / 1_000_000);
  const text = new Date(whole * 1000).toISOString().slice(0, 19);
  const fraction = micros - whole * 1_000_000;
  return { micros, text: fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, '0')}Z` };
}

const millisOf400Years = 146_097 * 86_400_000;

/** As `Date.UTC`, which takes the years 0 to 99 for those of the last century; the calendar repeats itself after 400. */
function utcMillis(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return year > 99
    ? Date.UTC(year, month - 1, day, hour, minute, second)
    : Date.UTC(year + 400, month - 1, day, hour, minute, second) - millisOf400Years;
}

function parseOffset(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return offset.startsWith('-') ? -minutes : minutes;
}

function formatOffset(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;
}

/** Minutes east of UTC that clocks in `zone` show when they read `wall`. The second look settles the hours around a clock change. */
function zoneOffsetMinutes(zone: string, wall: number): number {
  if (zone === 'UTC') return 0;
  // Long before there were zones an offset is that of any early year; `Intl` shows years before Christ without their era.
  const known = Math.max(wall, yearOfZones);
  const guess = offsetAt(zone, known);
  return offsetAt(zone, known - guess * 60_000);
}

const yearOfZones = Date.UTC(1000, 0);

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetAt(zone: string, millis: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(millis).map((part) => [part.type, Number(part.value)]));
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const shown = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return Math.round((shown - Math.floor(millis / 1000) * 1000) / 60_000);
}
