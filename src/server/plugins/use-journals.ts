import { type ExecutionArgs, getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Journals } from '../journals.ts';
import type { Tracing } from '../tracing.ts';

const maxNameLength = 100;

/** Before whatever may refuse an operation, so that refused ones have their times, names and spans too. */
export function useJournals(journals: Journals, tracing: Tracing | null): Plugin<YogaInitialContext> {
  function describe({ document, operationName }: ExecutionArgs, { request }: YogaInitialContext): void {
    const operation = getOperationAST(document, operationName);
    const journal = journals.of(request);
    journal.operationType = operation?.operation ?? null;
    journal.operationName = operation?.name?.value.slice(0, maxNameLength) ?? null;
  }

  return {
    onParams({ request }) {
      const journal = journals.of(request);
      tracing?.begin(journal, request);
    },
    onExecute: ({ context, args }) => describe(args, context),
    onSubscribe: ({ context, args }) => describe(args, context),
  };
}
