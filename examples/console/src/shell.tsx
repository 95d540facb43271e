import { type ReactNode, Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { shellQuery } from '#relay/shellQuery.graphql.ts';
import { ErrorBoundary } from './answer.tsx';
import { useListKeys } from './list-keys.ts';
import { NeedsMeCount } from './needs-me-page.tsx';
import { useRoute } from './router.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const pages = { '/': 'Sessions', '/needs-me': 'Needs me', '/sources': 'Sources' } as const;

export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const { url, target, isPending } = useRoute();
  useListKeys();
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <div className="progress" hidden={!isPending} />
      <div className="shell">
        <nav className="nav" aria-label="Views">
          <p className="brand">
            <img src="/icon.svg" alt="" width="22" height="22" /> Session Graph
          </p>
          <ul>
            {Object.entries(pages).map(([href, label]) => (
              <li key={href}>
                <a href={href} aria-current={target.pathname === href ? 'page' : undefined}>
                  {label}
                  {href === '/needs-me' && (
                    <ErrorBoundary attempt={target.href} shown={() => null}>
                      <Suspense>
                        <NeedsMeCount />
                      </Suspense>
                    </ErrorBoundary>
                  )}
                </a>
              </li>
            ))}
          </ul>
          <div className="foot">
            <Suspense>
              <Viewer />
            </Suspense>
            <p className="keys">
              <kbd>j</kbd> <kbd>k</kbd> move <kbd>↵</kbd> open <kbd>/</kbd> find
            </p>
            <ThemeSwitch />
          </div>
        </nav>
        <main id="main" tabIndex={-1} aria-busy={isPending} data-shows={url.search}>
          {children}
        </main>
      </div>
    </>
  );
}

function Viewer(): ReactNode {
  const { sessionViewer } = useLazyLoadQuery<shellQuery>(graphql`query shellQuery { sessionViewer { id } }`, {});
  return sessionViewer && <p className="clip">You are {sessionViewer.id}</p>;
}
