import { isValidElement, type ReactNode } from 'react';
import { Time } from './time.tsx';

interface Props {
  readonly facts: readonly (readonly [label: string, value: unknown])[];
}

/** What is there; what the platform did not send is left out. */
export function Facts({ facts }: Props): ReactNode {
  const shown = facts.map(([label, value]) => [label, toShown(value)] as const);
  return (
    <dl className="facts">
      {shown
        .filter(([, value]) => value !== null && value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** By what it is: a time, a link, a word of a machine, a list, a number, a text. */
function toShown(value: unknown): ReactNode {
  if (isValidElement(value)) return value;
  if (Array.isArray(value)) {
    const tags = value.map(toText);
    return tags.length === 0 ? null : (
      <ul className="tags">
        {[...new Set(tags)].map((tag) => (
          <li key={tag}>{tag}</li>
        ))}
      </ul>
    );
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString('en');
  if (typeof value !== 'string') return null;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return <Time at={value} />;
  if (/^https?:/.test(value))
    return (
      <a href={value} rel="noreferrer">
        Open there
      </a>
    );
  return /^\S*[\d_/]\S*$/.test(value) ? <code>{value}</code> : value;
}

const toText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.values(value).join(': ') : String(value);

/** Free-form data, folded. */
export function Fold({ label, value }: { readonly label: string; readonly value: unknown }): ReactNode {
  if (value === null || value === undefined || value === '') return null;
  return (
    <details className="fold">
      <summary>{label}</summary>
      <pre>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}
