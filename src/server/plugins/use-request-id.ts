import type { Plugin } from 'graphql-yoga';
import { requestIdOf } from '../request-id.ts';

export function useRequestId(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestIdOf(request));
    },
  };
}
