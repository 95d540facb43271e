import { type ReactNode, Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { shellQuery } from '#relay/shellQuery.graphql.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { useListKeys } from './list-keys.ts';
import { NeedsMeCount } from './needs-me-count.tsx';
import { Link, useRouter } from './router.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const pages = [
  { href: '/', label: 'Sessions' },
  { href: '/needs-me', label: 'Needs me' },
  { href: '/sources', label: 'Sources' },
] as const;

export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const { target, isPending } = useRouter();
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
            {pages.map(({ href, label }) => (
              <li key={href}>
                <Link href={href} aria-current={target.pathname === href ? 'page' : undefined}>
                  {label}
                  {href === '/needs-me' && (
                    <ErrorBoundary what="" attempt={target.href} fallback={null}>
                      <Suspense fallback={null}>
                        <NeedsMeCount />
                      </Suspense>
                    </ErrorBoundary>
                  )}
                </Link>
              </li>
            ))}
          </ul>
          <div className="foot">
            <Suspense fallback={null}>
              <Viewer />
            </Suspense>
            <p className="keys">
              <kbd>j</kbd> <kbd>k</kbd> move <kbd>↵</kbd> open <kbd>/</kbd> find
            </p>
            <ThemeSwitch />
          </div>
        </nav>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}

function Viewer(): ReactNode {
  const { sessionViewer } = useLazyLoadQuery<shellQuery>(
    graphql`
      query shellQuery {
        sessionViewer { id }
      }
    `,
    {},
    { fetchPolicy: 'store-or-network' },
  );
  return sessionViewer && <p className="clip">You are {sessionViewer.id}</p>;
}
