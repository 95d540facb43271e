import type { Plugin } from 'graphql-yoga';

/** What one viewer is answered is nobody else's, and no cache on the way may keep it. */
export function useNoStore(): Plugin {
  return {
    onResponse({ response }) {
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store');
    },
  };
}
