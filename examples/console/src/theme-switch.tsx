import { type ReactNode, useState } from 'react';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const kept = 'theme';

export function showTheme(): Theme {
  const stored = localStorage.getItem(kept);
  const theme = themes.find((known) => known === stored) ?? 'auto';
  document.documentElement.dataset.theme = theme;
  return theme;
}

export function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useState(showTheme);
  const choose = (next: Theme): void => {
    localStorage.setItem(kept, next);
    setTheme(showTheme());
  };
  return (
    <fieldset className="segments" aria-label="Colours">
      {themes.map((each) => (
        <label key={each}>
          <input type="radio" name="theme" checked={each === theme} onChange={() => choose(each)} />
          {each}
        </label>
      ))}
    </fieldset>
  );
}
