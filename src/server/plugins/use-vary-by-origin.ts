import type { Plugin } from 'graphql-yoga';

/** Whether a page of another origin may read an answer depends on the origin: a cache between must not mix them up. */
export function useVaryByOrigin(): Plugin {
  return {
    onResponse({ response }) {
      const vary = response.headers.get('vary') ?? '';
      if (!/(^|,)\s*origin\s*(,|$)/i.test(vary)) response.headers.append('vary', 'Origin');
    },
  };
}
