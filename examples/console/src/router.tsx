import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useOptimistic,
  useRef,
  useState,
  useTransition,
} from 'react';

/** A page whose queries have been sent. */
export interface Prepared {
  readonly title: string;
  readonly element: ReactNode;
  readonly sent: readonly { readonly query: { dispose(): void } }[];
}

/** Who goes back or forward wants what was there: 'store-or-network'. */
export type FetchPolicy = 'network-only' | 'store-or-network';
export type Prepare = (url: URL, fetchPolicy: FetchPolicy) => Prepared;

interface Route {
  readonly url: URL;
  /** Where the user is going, as soon as they go; `url` follows when that page can be shown. */
  readonly target: URL;
  readonly isPending: boolean;
}

const here = new URL(window.location.href);
const RouteContext = createContext<Route>({ url: here, target: here, isPending: false });

export const useRoute = (): Route => useContext(RouteContext);

export function go(href: string, history: NavigationHistoryBehavior = 'auto'): void {
  window.navigation.navigate(href, { history });
}

/** The same page with new answers. */
export const reload = (): void => go(window.location.href, 'replace');

interface Place extends Prepared {
  readonly url: URL;
  readonly onShown?: () => void;
}

interface RouterProps {
  readonly prepare: Prepare;
  readonly children: (page: ReactNode) => ReactNode;
}

/**
 * Sends the queries of a page when a link is followed, not when the page is rendered; until it can be shown, the old one stays.
 * Links are plain links, and the browser scrolls: it tells of each navigation, and waits for the promise that it is given.
 */
export function Router({ prepare, children }: RouterProps): ReactNode {
  const [place, setPlace] = useState<Place>(() => ({ ...prepare(here, 'network-only'), url: here }));
  const [target, setTarget] = useOptimistic(place.url);
  const [isPending, startTransition] = useTransition();
  const left = useRef<Place | null>(null);

  useLayoutEffect(() => {
    document.title = place.title;
    // The page before is no longer shown, so nothing needs its data any more.
    for (const { query } of left.current?.sent ?? []) query.dispose();
    // Who cannot see that the page changed is told by its heading; a list that changes under a filter keeps the focus.
    if (left.current !== null && left.current.url.pathname !== place.url.pathname) {
      document.querySelector('h1')?.focus({ preventScroll: true });
    }
    left.current = place;
    place.onShown?.();
  }, [place]);

  const onNavigate = useEffectEvent((event: NavigateEvent): void => {
    const { destination, navigationType, canIntercept, hashChange, downloadRequest } = event;
    if (!canIntercept || hashChange || downloadRequest !== null || navigationType === 'reload') return;
    const url = new URL(destination.url);
    const show = (onShown: () => void): void =>
      startTransition(() => {
        setTarget(url);
        const page = prepare(url, navigationType === 'traverse' ? 'store-or-network' : 'network-only');
        setPlace({ ...page, url, onShown });
      });
    event.intercept({ focusReset: 'manual', handler: () => new Promise(show) });
  });
  useEffect(() => {
    const listening = new AbortController();
    window.navigation.addEventListener('navigate', (event) => onNavigate(event), listening);
    return () => listening.abort();
  }, []);

  return <RouteContext value={{ url: place.url, target, isPending }}>{children(place.element)}</RouteContext>;
}
