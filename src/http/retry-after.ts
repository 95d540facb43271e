import type { ReplyHeaders } from './exchange.ts';
import { firstHeader } from './first-header.ts';

/** How many milliseconds the platform asks to wait. Azure's clients read the same three headers in the same order. */
export function readRetryAfter(headers: ReplyHeaders, wallClock: number): number | null {
  return (
    toAmount(firstHeader(headers, 'retry-after-ms'), 1) ??
    toAmount(firstHeader(headers, 'x-ms-retry-after-ms'), 1) ??
    toAmount(firstHeader(headers, 'retry-after'), 1_000) ??
    toDelay(firstHeader(headers, 'retry-after'), wallClock)
  );
}

function toAmount(text: string | null, unitMs: number): number | null {
  return text !== null && /^\d+(\.\d+)?$/.test(text) ? Number(text) * unitMs : null;
}

function toDelay(text: string | null, wallClock: number): number | null {
  if (text === null || !/^[A-Z][a-z]+,? /.test(text)) return null;
  // The oldest of the three HTTP date forms names no zone and means GMT.
  const instant = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(instant) ? null : Math.max(0, instant - wallClock);
}
