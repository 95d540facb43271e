import {
  type AnchorHTMLAttributes,
  createContext,
  type MouseEvent,
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
  readonly queries: readonly { dispose(): void }[];
}

/** `revisit`: the user goes back or forward, and wants what was there. */
export type Prepare = (url: URL, visit: 'visit' | 'revisit') => Prepared;

interface Router {
  readonly url: URL;
  /** Where the user is going, as soon as they go; `url` follows when that page can be shown. */
  readonly target: URL;
  readonly isPending: boolean;
  navigate(href: string, how?: 'push' | 'replace'): void;
}

const RouterContext = createContext<Router | null>(null);

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (router === null) throw new Error('There is no router around this.');
  return router;
}

interface Place extends Prepared {
  readonly url: URL;
  /** Where to scroll to; null leaves the page where it is. */
  readonly scrollTo: number | null;
}

const here = (): URL => new URL(window.location.href);

/** Where each entry of the history was scrolled to when it was left. */
const scrolled = new Map<string, number>();
const keyOf = (state: unknown): string => (typeof state === 'string' ? state : 'first');

interface RouterProps {
  readonly prepare: Prepare;
  readonly children: (page: ReactNode) => ReactNode;
}

/** Sends the queries of a page when a link is followed, not when the page is rendered; until it can be shown, the old one stays. */
export function Router({ prepare, children }: RouterProps): ReactNode {
  const [place, setPlace] = useState<Place>(() => ({ ...prepare(here(), 'visit'), url: here(), scrollTo: null }));
  const [target, setTarget] = useOptimistic(place.url);
  const [isPending, startTransition] = useTransition();
  const left = useRef<Place | null>(null);
  const entry = useRef(keyOf(window.history.state));

  const show = (visit: 'visit' | 'revisit', scrollTo: number): void =>
    startTransition(() => {
      setTarget(here());
      setPlace({ ...prepare(here(), visit), url: here(), scrollTo });
    });
  const onRevisit = useEffectEvent((scrollTo: number) => show('revisit', scrollTo));

  useLayoutEffect(() => {
    document.title = place.title;
    if (place.scrollTo !== null) window.scrollTo(0, place.scrollTo);
    // The page before is no longer shown, so nothing needs its data any more.
    for (const query of left.current?.queries ?? []) query.dispose();
    // Who cannot see that the page changed is told by its heading; a list that changes under a filter keeps the focus.
    if (left.current !== null && left.current.url.pathname !== place.url.pathname) {
      document.querySelector('h1')?.focus({ preventScroll: true });
    }
    left.current = place;
  }, [place]);

  useEffect(() => {
    window.history.scrollRestoration = 'manual';
    const onPop = (): void => {
      scrolled.set(entry.current, window.scrollY);
      entry.current = keyOf(window.history.state);
      const scrollTo = scrolled.get(entry.current) ?? 0;
      onRevisit(scrollTo);
    };
    window.addEventListener('popstate', onPop);
    return () => window.removeEventListener('popstate', onPop);
  }, []);

  const navigate: Router['navigate'] = (href, how = 'push') => {
    if (how === 'push') {
      scrolled.set(entry.current, window.scrollY);
      entry.current = crypto.randomUUID();
      window.history.pushState(entry.current, '', href);
    } else {
      window.history.replaceState(entry.current, '', href);
    }
    show('visit', 0);
  };

  return (
    <RouterContext value={{ url: place.url, target, isPending, navigate }}>{children(place.element)}</RouterContext>
  );
}

/** A link that opens within the page, unless the user asks for a new tab. */
export function Link(props: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }): ReactNode {
  const { navigate } = useRouter();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(props.href);
  };
  // biome-ignore-start lint/a11y: a link with its `href`, which Enter follows too.
  return <a {...props} onClick={follow} />;
  // biome-ignore-end lint/a11y: see above.
}
