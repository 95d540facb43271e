import { type ReactNode, useEffect, useState } from 'react';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const ofThisYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const ofAnyYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });

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
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minute);
    return () => clearInterval(timer);
  }, []);
  if (at === null || at === undefined) return <span className="none">no time</span>;
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={exact.format(then)}>
      {toRelative(then, now)}
    </time>
  );
}
