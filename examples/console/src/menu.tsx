import { type ReactNode, type ToggleEvent, useId, useState } from 'react';
import { Optional } from './answer.tsx';
import { go, useRoute } from './router.tsx';

/** What the URL says about the list, and how to change it. */
export function useFilters() {
  const { url, target } = useRoute();
  // A choice shows at once, before the sessions that it chooses.
  const params = new URLSearchParams((target.pathname === url.pathname ? target : url).search);
  const visit = (history?: NavigationHistoryBehavior): void => go(params.size === 0 ? '/' : `/?${params}`, history);
  return {
    params,
    set(name: string, value: string, history?: NavigationHistoryBehavior): void {
      params.set(name, value);
      if (value === '') params.delete(name);
      visit(history);
    },
    toggle(name: string, value: string): void {
      if (params.has(name, value)) params.delete(name, value);
      else params.append(name, value);
      visit();
    },
  };
}

interface Props {
  readonly label: string;
  readonly children: ReactNode;
}

/** A button that opens a small panel. The browser closes it: at Escape, at a click elsewhere, when another opens. */
export function Menu({ label, children }: Props): ReactNode {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const onToggle = (event: ToggleEvent): void => setOpen(event.newState === 'open');
  return (
    <>
      <button type="button" className="menu" popoverTarget={id}>
        {label}
      </button>
      <fieldset id={id} popover="auto" className="panel" aria-label={label} onToggle={onToggle}>
        <Optional attempt={isOpen} otherwise={<p className="none">Not known yet</p>}>
          {isOpen && children}
        </Optional>
      </fieldset>
    </>
  );
}

interface OptionProps {
  readonly name: string;
  readonly value: string;
  /** How many sessions have it. */
  readonly count: ReactNode;
  readonly children: ReactNode;
}

/** One of the values that a filter may have. */
export function Option({ name, value, count, children }: OptionProps): ReactNode {
  const { params, toggle } = useFilters();
  return (
    <label>
      <input type="checkbox" checked={params.has(name, value)} onChange={() => toggle(name, value)} />
      {children}
      <span className="count">{count}</span>
    </label>
  );
}
