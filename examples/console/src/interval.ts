import { useEffect } from 'react';

/** Again and again while somebody can see the page. */
export function useInterval(act: () => void, everyMs: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: an effect event is no dependency.
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') act();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
