import type { ExecutionResult } from 'graphql';
import { explain } from '../observation/explanation.ts';
import type { Journal } from '../observation/journal.ts';

/** The header that asks for it. */
export const explainHeader = 'x-session-graph-explain';

/** Adds to a result what was done for it, for those who ask for that. */
export type Explain = <Result extends ExecutionResult>(request: Request, result: Result, journal: Journal) => Result;

/** `clean` is told every path, and takes out what nobody may see. */
export function createExplain(clean: (path: string) => string): Explain {
  return (request, result, journal) => {
    if (request.headers.get(explainHeader) !== '1') return result;
    const explained = explain(journal, performance.now(), clean);
    return { ...result, extensions: { ...result.extensions, explain: explained } };
  };
}
