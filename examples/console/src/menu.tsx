import { type ReactNode, useEffect, useId, useRef } from 'react';

interface Props {
  readonly label: string;
  /** What is chosen; null where nothing is. */
  readonly value: string | null;
  readonly onOpen?: () => void;
  readonly children: ReactNode;
}

/** A button that opens a small panel. Only one is open at a time; Escape and a click elsewhere close it. */
export function Menu({ label, value, onOpen, children }: Props): ReactNode {
  const menu = useRef<HTMLDetailsElement>(null);
  const id = useId();
  useEffect(() => {
    const close = (event: Event): void => {
      const { current } = menu;
      if (current?.open !== true) return;
      if (event instanceof KeyboardEvent ? event.key !== 'Escape' : current.contains(event.target as Node)) return;
      current.open = false;
      if (event instanceof KeyboardEvent) current.querySelector('summary')?.focus();
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, []);
  return (
    <details ref={menu} name="filters" className="menu" data-set={value !== null} onToggle={onOpen}>
      <summary id={id}>
        {label}
        {value !== null && <b>{value}</b>}
      </summary>
      <fieldset className="panel" aria-labelledby={id}>
        {children}
      </fieldset>
    </details>
  );
}

interface ChoicesProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode; readonly name: string }[];
  readonly chosen: readonly Value[];
  readonly onChoose: (values: readonly Value[]) => void;
}

export function Choices<Value extends string>({ label, options, chosen, onChoose }: ChoicesProps<Value>): ReactNode {
  const [first, ...others] = options.filter(({ value }) => chosen.includes(value));
  const value = first === undefined ? null : others.length === 0 ? first.name : `${others.length + 1} chosen`;
  return (
    <Menu label={label} value={value}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={({ target }) =>
              onChoose(target.checked ? [...chosen, option.value] : chosen.filter((other) => other !== option.value))
            }
          />
          {option.label}
        </label>
      ))}
    </Menu>
  );
}
