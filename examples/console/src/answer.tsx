import { Component, type ReactNode, Suspense } from 'react';
import { type GraphQLTaggedNode, loadQuery, type PreloadedQuery, usePreloadedQuery } from 'react-relay';
import type { FetchPolicy, OperationType } from 'relay-runtime';
import { environment, GraphError } from './environment.ts';
import { reload } from './router.tsx';

/** A query that has been sent, with its text to read the answer by. */
export interface Sent<Query extends OperationType> {
  readonly text: GraphQLTaggedNode;
  readonly query: PreloadedQuery<Query>;
  readonly key: number;
}

let sends = 0;

export function send<Query extends OperationType>(
  text: GraphQLTaggedNode,
  variables: Query['variables'],
  fetchPolicy: FetchPolicy = 'network-only',
): Sent<Query> {
  return { text, query: loadQuery<Query>(environment, text, variables, { fetchPolicy }), key: ++sends };
}

interface Props<Query extends OperationType> {
  readonly to: Sent<Query>;
  /** In words, for who waits and for who waited in vain. */
  readonly what: string;
  readonly children: (data: Query['response']) => ReactNode;
}

/** What a query brings, as soon as it is there, or why it is not. */
export function Answer<Query extends OperationType>({ to, what, children }: Props<Query>): ReactNode {
  return (
    <ErrorBoundary attempt={to} shown={(error) => <Problem what={what} error={error} />}>
      <Suspense fallback={<div className="skeleton" role="status" aria-label={`Loading the ${what}`} />}>
        {/* What the page noted about the answer before does not hold for this one. */}
        <Read key={to.key} to={to}>
          {children}
        </Read>
      </Suspense>
    </ErrorBoundary>
  );
}

interface PerhapsProps<Query extends OperationType> {
  readonly to: Sent<Query>;
  /** Of null while the answer is on its way, and when it fails. */
  readonly children: (data: Query['response'] | null) => ReactNode;
}

/** What a page can do without. */
export function Perhaps<Query extends OperationType>({ to, children }: PerhapsProps<Query>): ReactNode {
  const without = children(null);
  return (
    <ErrorBoundary attempt={to} shown={() => without}>
      <Suspense fallback={without}>
        <Read to={to}>{children}</Read>
      </Suspense>
    </ErrorBoundary>
  );
}

function Read<Query extends OperationType>({ to, children }: Pick<Props<Query>, 'to' | 'children'>): ReactNode {
  return children(usePreloadedQuery<Query>(to.text, to.query));
}

function Problem({ what, error }: { readonly what: string; readonly error: unknown }): ReactNode {
  return (
    <div className="problem" role="alert">
      <h2>The {what} could not be read</h2>
      <p>{error instanceof GraphError ? error.message : 'Something went wrong in this page.'}</p>
      {error instanceof GraphError && <code>{error.code}</code>}
      <button type="button" className="button" onClick={reload}>
        Try again
      </button>
    </div>
  );
}

interface BoundaryProps {
  /** The error is gone when this changes: another page, or a new attempt. */
  readonly attempt: unknown;
  readonly shown: (error: unknown) => ReactNode;
  readonly children: ReactNode;
}

type State = { readonly attempt: unknown; readonly failure: { readonly error: unknown } | null };

export class ErrorBoundary extends Component<BoundaryProps, State> {
  override readonly state: State = { attempt: this.props.attempt, failure: null };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps({ attempt }: BoundaryProps, state: State): State | null {
    return attempt === state.attempt ? null : { attempt, failure: null };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === null ? this.props.children : this.props.shown(failure.error);
  }
}
