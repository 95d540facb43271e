import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { LoadMoreFn } from 'react-relay';
import type { OperationType } from 'relay-runtime';
import type { sessionRow_sessions$key } from '#relay/sessionRow_sessions.graphql.ts';
import type { OrderField } from './filters.ts';
import { SessionRows } from './session-row.tsx';

interface Props {
  readonly sessions: sessionRow_sessions$key & readonly unknown[];
  readonly timeOf: OrderField;
  readonly empty: ReactNode;
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
export function SessionTable({ sessions, timeOf, empty, list, children }: Props): ReactNode {
  const { hasNext, isLoadingNext, loadNext } = list;
  const { length } = sessions;
  const [problem, setProblem] = useState<string | null>(null);
  // How many rows there were when a page came without any: there the scrolling stops, and a button goes on.
  const [bareAt, setBareAt] = useState<number | null>(null);
  const end = useRef<HTMLDivElement>(null);

  const more = (): void => {
    setProblem(null);
    // While the query before is not complete, Relay sends nothing, and calls back within the call.
    let wasSent = false;
    loadNext(50, {
      onComplete(error) {
        if (!wasSent) return;
        setBareAt(length);
        setProblem(error?.message ?? null);
      },
    });
    wasSent = true;
  };
  const mayLoad = hasNext && !isLoadingNext && problem === null && bareAt !== length;
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
        <div className="empty">{empty}</div>
      ) : (
        <ol className="rows" aria-label="Sessions" aria-busy={isLoadingNext}>
          <SessionRows sessions={sessions} timeOf={timeOf} />
        </ol>
      )}
      <div ref={end} className="end">
        {problem !== null && <p role="alert">{problem}</p>}
        {hasNext && !isLoadingNext && (
          <button type="button" className="button" onClick={more}>
            {problem === null ? 'Show more' : 'Try again'}
          </button>
        )}
        {isLoadingNext && <span className="loading">Loading more sessions…</span>}
        {!hasNext && length > 0 && <span>No more sessions</span>}
      </div>
    </>
  );
}
