import type { Instant } from '../../domain/instant.ts';

/** How many digits of a second a text has, where it says what `toText` says; otherwise the text. */
export type Writing = number | string;

export function writingOf({ micros, text }: Instant): Writing {
  const digits = Math.max(text.length - '2026-11-21T00:00:00.Z'.length, 0);
  return digits <= 6 && Number.isSafeInteger(micros) && toText(micros, digits) === text ? digits : text;
}

/** Makes its text when asked. It and `Row` are classes, because getters that all of them share take no memory in each. */
export class CompactInstant implements Instant {
  readonly micros: number;
  private readonly writing: Writing;

  constructor(micros: number, writing: Writing) {
    this.micros = micros;
    this.writing = writing;
  }

  get text(): string {
    return typeof this.writing === 'string' ? this.writing : toText(this.micros, this.writing);
  }
}

function toText(micros: number, digits: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const text = new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
  if (digits === 0) return `${text}Z`;
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${text}.${fraction.slice(0, digits)}Z`;
}
