import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { LoadMoreFn } from 'react-relay';
import type { OperationType } from 'relay-runtime';
import type { sessionRow_session$key } from '#relay/sessionRow_session.graphql.ts';
import type { OrderField } from './filters.ts';
import { SessionRow } from './session-row.tsx';

interface Props {
  readonly sessions: readonly (sessionRow_session$key & { readonly id: string })[];
  readonly timeOf: OrderField;
  /** What `usePaginationFragment` says of it. */
  readonly list: {
    readonly hasNext: boolean;
    readonly isLoadingNext: boolean;
    readonly loadNext: LoadMoreFn<OperationType>;
  };
  /** Above the first row. */
  readonly children?: ReactNode;
}

/** Rows that go on as their end comes into sight. */
export function SessionTable({ sessions, timeOf, list, children }: Props): ReactNode {
  const { hasNext, isLoadingNext, loadNext } = list;
  const { length } = sessions;
  // A page came without any row, or not at all: there the scrolling stops, and a button goes on.
  const [stop, setStop] = useState<{ readonly at: number; readonly problem: string | undefined } | null>(null);
  const isStopped = stop?.at === length;
  const problem = isStopped && !isLoadingNext ? stop.problem : undefined;
  const end = useRef<HTMLDivElement>(null);

  const more = (): void => {
    // While the query before is not complete, Relay sends nothing, and calls back within the call.
    let wasSent = false;
    loadNext(50, { onComplete: (error) => wasSent && setStop({ at: length, problem: error?.message }) });
    wasSent = true;
  };
  const mayLoad = hasNext && !isLoadingNext && !isStopped;
  const onEndInSight = useEffectEvent(() => {
    if (mayLoad) more();
  });
  // Made anew whenever the answer may be another: an observer tells only of changes, and a short page leaves the end in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useEffect(() => {
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting && onEndInSight(), {
      rootMargin: '0px 0px 900px 0px',
    });
    if (end.current !== null) observer.observe(end.current);
    return () => observer.disconnect();
  }, [length, mayLoad, loadNext]);

  const columns = ['Status', 'Session', 'Agent, team or workflow', 'User', 'Source'];
  return (
    <>
      <div className="row columns" aria-hidden="true">
        {[...columns, timeOf === 'CREATED_AT' ? 'Created' : 'Active'].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      {children}
      {length === 0 && !hasNext ? (
        <div className="empty">
          <h2>No session matches</h2>
          <p>Nothing in the sources that were read fits these filters.</p>
          <a href="/" className="button">
            Remove all filters
          </a>
        </div>
      ) : (
        <ol className="rows" aria-label="Sessions" aria-busy={isLoadingNext}>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} timeOf={timeOf} />
          ))}
        </ol>
      )}
      <div ref={end} className="end">
        {problem !== undefined && <p role="alert">{problem}</p>}
        {hasNext && !isLoadingNext && (
          <button type="button" className="button" onClick={more}>
            {problem === undefined ? 'Show more' : 'Try again'}
          </button>
        )}
        {isLoadingNext && <span className="loading">Loading more sessions…</span>}
        {!hasNext && length > 0 && <span>No more sessions</span>}
      </div>
    </>
  );
}
