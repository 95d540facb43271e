import type { Plugin } from 'graphql-yoga';
import type { Explain } from '../explained.ts';
import type { Journals } from '../journals.ts';

export function useExplain(explain: Explain, journals: Journals): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      setResult(explain(request, result, journals.of(request)));
    },
  };
}
