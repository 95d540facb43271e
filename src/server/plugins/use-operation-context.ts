import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { OperationContext } from '../../context.ts';
import type { Contexts } from '../../create-context.ts';
import { isFieldOfKey } from '../../entities/related-entity.ts';
import { toParsedOperation } from '../../selection/operation.ts';
import { selectsField } from '../../selection/selects-field.ts';
import type { Journals } from '../journals.ts';
import { requestIdOf } from '../request-id.ts';
import type { Viewers } from '../viewers.ts';

export interface OperationContextSettings {
  readonly contexts: Contexts;
  readonly viewers: Viewers;
  readonly journals: Journals;
  readonly report: (request: Request, error: unknown) => void;
}

/** Yoga's own `context` does not know the parsed document, which says which fields are selected. */
export function useOperationContext({ contexts, viewers, journals, report }: OperationContextSettings): Plugin {
  return {
    onExecute({ args, context: { request }, extendContext }) {
      const parsed = toParsedOperation(args);
      const context: OperationContext & Partial<YogaInitialContext> = contexts.create({
        viewerId: viewers.of(request).id,
        requestId: requestIdOf(request),
        selects: (typeName, fieldName) =>
          parsed !== null && selectsField(parsed, typeName, (name) => name === fieldName),
        selectsBeyondKey: (typeName) =>
          parsed !== null && selectsField(parsed, typeName, (name) => !isFieldOfKey(name)),
        signal: request.signal,
        header: (name) => request.headers.get(name),
        observer: journals.of(request).observer,
        report: (error) => report(request, error),
      });
      extendContext(context);
    },
  };
}
