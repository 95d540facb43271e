import type { Plugin } from 'graphql-yoga';
import { type ClientResultSettings, toClientResult } from '../client-result.ts';

/** Every answer passes here, also those to requests that were never executed. Each event of a subscription: see events.ts. */
export function useClientErrors(settings: ClientResultSettings): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if ('errors' in result) setResult(toClientResult(request, result, settings));
    },
  };
}
