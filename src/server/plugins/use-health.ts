import type { Plugin } from 'graphql-yoga';
import type { Readiness } from '../readiness.ts';

/** `/health`: the process answers. `/ready`: it is also worth sending requests to. */
export function useHealth(readReadiness: () => Readiness): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      if (url.pathname !== '/health' && url.pathname !== '/ready') return;
      const { isReady, reason } = url.pathname === '/health' ? healthy : readReadiness();
      const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
      const status = isReady ? 'ok' : 'unavailable';
      const body = JSON.stringify(reason === null ? { status } : { status, reason });
      endResponse(new fetchAPI.Response(body, { status: isReady ? 200 : 503, headers }));
    },
  };
}

const healthy: Readiness = { isReady: true, reason: null };
