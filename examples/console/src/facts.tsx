import type { ReactNode } from 'react';
import { Time } from './time.tsx';

export type Fact = readonly [label: string, value: ReactNode];

/** What is there; what the platform did not send is left out. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** These are null where there is nothing, so that the fact is left out. */
export const toCode = (text: string | null | undefined): ReactNode => text && <code>{text}</code>;
export const toTime = (at: string | null | undefined): ReactNode => at && <Time at={at} />;

/** Free-form data, folded. */
export function Fold({ label, value }: { readonly label: string; readonly value: unknown }): ReactNode {
  if (value === null || value === undefined) return null;
  return (
    <details className="fold">
      <summary>{label}</summary>
      <pre>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}

export const toCount = (count: number | null | undefined): string | null => count?.toLocaleString('en') ?? null;
export const toList = (values: readonly ReactNode[]): ReactNode =>
  values.length === 0 ? null : (
    <ul className="tags">
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the values have no ids, and never move.
        <li key={index}>{value}</li>
      ))}
    </ul>
  );
