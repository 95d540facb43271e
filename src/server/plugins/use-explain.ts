import type { Plugin } from 'graphql-yoga';
import { explain } from '../../observation/explanation.ts';
import type { Journals } from '../journals.ts';

/** The header that asks for it. */
export const explainHeader = 'x-session-graph-explain';

/** Adds to an answer what was done for it, for those who ask for that. */
export function useExplain(journals: Journals, clean: (path: string) => string): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (request.headers.get(explainHeader) !== '1' || Array.isArray(result) || Symbol.asyncIterator in result) return;
      const { extensions, ...rest } = result;
      const explained = explain(journals.of(request), performance.now(), clean);
      setResult({ ...rest, extensions: { ...extensions, explain: explained } });
    },
  };
}
