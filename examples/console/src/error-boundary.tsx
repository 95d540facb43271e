import { Component, type ReactNode } from 'react';
import { GraphError } from './graph-error.ts';

interface Props {
  readonly what: string;
  /** Where the error is gone when this changes: another page, or a new attempt. */
  readonly attempt: unknown;
  readonly onRetry?: () => void;
  /** Instead of the sentence, where a page can do without what failed. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
  readonly attempt: unknown;
}

export class ErrorBoundary extends Component<Props, State> {
  override readonly state: State = { error: null, attempt: this.props.attempt };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.attempt === state.attempt ? null : { error: null, attempt: props.attempt };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (this.props.fallback !== undefined) return this.props.fallback;
    return (
      <div className="problem" role="alert">
        <h2>{this.props.what}</h2>
        <p>{error instanceof GraphError ? error.message : 'Something went wrong in this page.'}</p>
        {error instanceof GraphError && <code>{error.code}</code>}
        <button type="button" className="button" onClick={this.props.onRetry}>
          Try again
        </button>
      </div>
    );
  }
}
