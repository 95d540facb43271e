import { Component, type ReactNode, Suspense } from 'react';
import { type GraphQLTaggedNode, loadQuery, type PreloadedQuery, usePreloadedQuery } from 'react-relay';
import type { FetchPolicy, OperationType } from 'relay-runtime';
import { environment, GraphError } from './environment.ts';
import { reload } from './router.tsx';

/** A query that has been sent, with its text to read the answer by. */
export interface Sent<Query extends OperationType> {
  readonly text: GraphQLTaggedNode;
  readonly query: PreloadedQuery<Query>;
}

export function send<Query extends OperationType>(
  text: GraphQLTaggedNode,
  variables: Query['variables'],
  fetchPolicy: FetchPolicy = 'network-only',
): Sent<Query> {
  return { text, query: loadQuery<Query>(environment, text, variables, { fetchPolicy }) };
}

interface ReadProps<Query extends OperationType> {
  readonly to: Sent<Query>;
  readonly children: (data: Query['response']) => ReactNode;
}

/** Suspends, and throws what went wrong. */
export function Read<Query extends OperationType>({ to, children }: ReadProps<Query>): ReactNode {
  return children(usePreloadedQuery<Query>(to.text, to.query));
}

interface AnswerProps<Query extends OperationType> extends ReadProps<Query> {
  /** In words, for who waits and for who waited in vain. */
  readonly what: string;
}

/** What a query brings, as soon as it is there, or why it is not. */
export function Answer<Query extends OperationType>({ to, what, children }: AnswerProps<Query>): ReactNode {
  return (
    <ErrorBoundary attempt={to} shown={(error) => <Problem what={what} error={error} />}>
      <Suspense fallback={<div className="skeleton" role="status" aria-label={`Loading the ${what}`} />}>
        {/* What the page noted about the answer before does not hold for this one. */}
        <Read key={to.query.fetchKey} to={to}>
          {children}
        </Read>
      </Suspense>
    </ErrorBoundary>
  );
}

interface OptionalProps {
  readonly attempt: unknown;
  readonly otherwise?: ReactNode;
  readonly children: ReactNode;
}

/** What a page can do without. */
export function Optional({ attempt, otherwise, children }: OptionalProps): ReactNode {
  return (
    <ErrorBoundary attempt={attempt} shown={() => otherwise}>
      <Suspense fallback={otherwise}>{children}</Suspense>
    </ErrorBoundary>
  );
}

export function Perhaps<Query extends OperationType>({ to, children }: ReadProps<Query>): ReactNode {
  return (
    <Optional attempt={to}>
      <Read to={to}>{children}</Read>
    </Optional>
  );
}

function Problem({ what, error }: { readonly what: string; readonly error: unknown }): ReactNode {
  return (
    <div className="problem" role="alert">
      <h2>The {what} could not be read</h2>
      <p>{error instanceof GraphError ? error.message : 'Something went wrong in this page.'}</p>
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

class ErrorBoundary extends Component<BoundaryProps, State> {
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
