import type { OperationContext } from '../context.ts';
import type { Contexts } from '../create-context.ts';
import { isFieldOfKey } from '../entities/related-entity.ts';
import type { Observer } from '../observation/observer.ts';
import { type ExecutionRequest, toParsedOperation } from '../selection/operation.ts';
import { toSelectionKey } from '../selection/selection-key.ts';
import { selectsField } from '../selection/selects-field.ts';
import { requestIdOf } from './request-id.ts';
import type { Viewers } from './viewers.ts';

export interface OperationContextsSettings {
  readonly contexts: Contexts;
  readonly viewers: Viewers;
  readonly report: (request: Request, error: unknown) => void;
}

export interface Execution {
  readonly args: ExecutionRequest;
  readonly request: Request;
  readonly observer: Observer;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** Makes the context of what a request has executed. */
export type OperationContexts = (execution: Execution) => OperationContext;

export function createOperationContexts({ contexts, viewers, report }: OperationContextsSettings): OperationContexts {
  return ({ args, request, observer, signal }) => {
    const parsed = toParsedOperation(args);
    return contexts.create({
      viewerId: viewers.of(request).id,
      requestId: requestIdOf(request),
      selects: (typeName, fieldName) => parsed !== null && selectsField(parsed, typeName, (name) => name === fieldName),
      selectsBeyondKey: (typeName) => parsed !== null && selectsField(parsed, typeName, (name) => !isFieldOfKey(name)),
      selection: () => toSelectionKey(args),
      signal,
      header: (name) => request.headers.get(name),
      observer,
      report: (error) => report(request, error),
    });
  };
}
