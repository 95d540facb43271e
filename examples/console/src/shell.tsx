import type { ReactNode } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { shellQuery } from '#relay/shellQuery.graphql.ts';
import { Optional } from './answer.tsx';
import { Changes, Count } from './changes.tsx';
import { needsMe } from './filters.ts';
import { useListKeys } from './list-keys.ts';
import { useRoute } from './router.tsx';

const pages = { '/': 'Sessions', [needsMe]: 'Needs me', '/sources': 'Sources' };
const waiting = { statuses: ['WAITING'] } as const;

export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const { url, target, isPending } = useRoute();
  useListKeys();
  const { pathname, search } = target;
  const current = pathname + search in pages ? pathname + search : pathname;
  return (
    <Changes>
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
                <a href={href} aria-current={href === current ? 'page' : undefined}>
                  {label}
                  {href === needsMe && <Count filter={waiting}>{toBadge}</Count>}
                </a>
              </li>
            ))}
          </ul>
          <div className="foot">
            <Optional attempt={url}>
              <Viewer />
            </Optional>
            <p className="keys">
              <kbd>j</kbd> <kbd>k</kbd> move <kbd>↵</kbd> open <kbd>/</kbd> find
            </p>
          </div>
        </nav>
        <main id="main" tabIndex={-1} aria-busy={isPending} data-shows={url.search}>
          {children}
        </main>
      </div>
    </Changes>
  );
}

/** With a plus when there may be more: a source is not completely in the catalog. */
const toBadge = (count: number, isExact: boolean): ReactNode => (
  <span className="badge" title={isExact ? undefined : 'At least: the catalog does not have every source in full.'}>
    {count}
    {isExact ? '' : '+'}
  </span>
);

function Viewer(): ReactNode {
  const { sessionViewer } = useLazyLoadQuery<shellQuery>(graphql`query shellQuery { sessionViewer { id } }`, {});
  return sessionViewer && <p className="clip">You are {sessionViewer.id}</p>;
}
