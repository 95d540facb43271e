/**
 * A point in time as the platforms give it. `Date` keeps milliseconds only and reads a text without a zone as local time,
 * so the order of lists rests on `micros`, and clients see `text`, which keeps the precision of the platform.
 */
export interface Instant {
  /** Microseconds since 1970, always a safe integer. */
  readonly micros: number;
  /** RFC 3339 with a zone. */
  readonly text: string;
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?\s*(Z|z|[+-]\d\d:?\d\d)?$/;

/** Reads an ISO 8601 text; one without a zone is taken as wall time in `zone`, an IANA name. Null when it is no time. */
export function parseInstant(text: string, zone = 'UTC'): Instant | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const isOnCalendar =
    new Date(wall).getUTCMonth() === Number(month) - 1 && new Date(wall).getUTCDate() === Number(day);
  if (!isOnCalendar || Number(hour) > 23 || Number(minute) > 59) return null;
  const minutes = offset === undefined ? zoneOffsetMinutes(zone, wall) : parseOffset(offset);
  const micros = (wall - minutes * 60_000) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  const digits = fraction === '' ? '' : `.${fraction}`;
  return { micros, text: `${year}-${month}-${day}T${hour}:${minute}:${second}${digits}${formatOffset(minutes)}` };
}

export function instantFromSeconds(seconds: number): Instant | null {
  if (!Number.isFinite(seconds)) return null;
  const whole = Math.floor(seconds);
  const micros = Math.round(seconds * 1_000_000);
  if (!Number.isSafeInteger(micros)) return null;
  const text = new Date(whole * 1000).toISOString().slice(0, 19);
  const fraction = micros - whole * 1_000_000;
  return { micros, text: fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, '0')}Z` };
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
  const guess = offsetAt(zone, wall);
  return offsetAt(zone, wall - guess * 60_000);
}

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
