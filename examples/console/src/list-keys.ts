import { useEffect } from 'react';

const rows = (): readonly (Element | null)[] => [...document.querySelectorAll('[data-row]')];

/** j and k walk the rows, / goes to the search. Enter needs nothing: the rows are links. */
export function useListKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (
        target instanceof HTMLElement &&
        target.matches('input:not([type=checkbox], [type=radio]), textarea, select')
      ) {
        if (key === 'Escape') target.blur();
        return;
      }
      if (key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('search input')?.focus();
      }
      if (key === 'j' || key === 'k') {
        const all = rows();
        const at = all.indexOf(document.activeElement);
        const next = all[at === -1 ? 0 : at + (key === 'j' ? 1 : -1)];
        if (next instanceof HTMLElement) next.focus({ preventScroll: true });
        next?.closest('li')?.scrollIntoView({ block: 'nearest' });
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
