import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { OperationContext } from '../../context.ts';
import type { Journals } from '../journals.ts';
import type { OperationContexts } from '../operation-contexts.ts';

/** Yoga's own `context` does not know the parsed document, which says which fields are selected. */
export function useOperationContext(contextOf: OperationContexts, journals: Journals): Plugin {
  return {
    onExecute({ args, context: { request }, extendContext }) {
      const { observer } = journals.of(request);
      const { signal } = request;
      const context: OperationContext & Partial<YogaInitialContext> = contextOf({ args, request, observer, signal });
      extendContext(context);
    },
  };
}
