import { type ReactNode, useState } from 'react';
import { useInterval } from './interval.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const ofThisYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const ofAnyYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const ofMonth = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' });

function toRelative(then: number, now: number): string {
  const age = now - then;
  if (age < minute && age > -minute) return 'just now';
  if (age < 0) return ofAnyYear.format(then);
  if (age < hour) return `${Math.floor(age / minute)}m ago`;
  if (age < day) return `${Math.floor(age / hour)}h ago`;
  if (age < 7 * day) return `${Math.floor(age / day)}d ago`;
  const isThisYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? ofThisYear : ofAnyYear).format(then);
}

export function Time({ at }: { readonly at: string | null | undefined }): ReactNode {
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), minute);
  if (at === null || at === undefined) return <span className="none">no time</span>;
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={exact.format(then)}>
      {toRelative(then, now)}
    </time>
  );
}

/** What a list puts above the rows of one stretch of time. */
export function toStretch(at: string | null | undefined): string {
  if (at === null || at === undefined) return 'Without a time';
  const then = new Date(at);
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  const days = Math.ceil((today.getTime() - then.getTime()) / day);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days < 7 ? 'Last 7 days' : ofMonth.format(then);
}
