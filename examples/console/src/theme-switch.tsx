import { type ReactNode, useLayoutEffect, useState } from 'react';

export function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useState(() => localStorage.getItem('theme') ?? 'auto');
  useLayoutEffect(() => {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <fieldset className="segments" aria-label="Colours">
      {['auto', 'light', 'dark'].map((each) => (
        <label key={each}>
          <input type="radio" name="theme" checked={each === theme} onChange={() => setTheme(each)} />
          {each}
        </label>
      ))}
    </fieldset>
  );
}
