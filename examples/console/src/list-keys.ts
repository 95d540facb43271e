import { useEffect } from 'react';

/** j and k walk the rows, / goes to the search. Enter needs nothing: the rows are links. */
export function useListKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
      if (target.matches('input:not([type=checkbox])')) {
        if (key === 'Escape') target.blur();
      } else if (key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('search input')?.focus();
      } else if (key === 'j' || key === 'k') {
        const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
        const at = rows.indexOf(target);
        const next = rows[at === -1 ? 0 : at + (key === 'j' ? 1 : -1)];
        next?.focus({ preventScroll: true });
        next?.closest('li')?.scrollIntoView({ block: 'nearest' });
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
