import type { Plugin } from 'graphql-yoga';

/** `/health`: the process answers. `/ready`: it is also worth sending requests to. */
export function useHealth(isReady: () => boolean): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      if (url.pathname !== '/health' && url.pathname !== '/ready') return;
      const isWell = url.pathname === '/health' || isReady();
      const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
      const body = JSON.stringify({ status: isWell ? 'ok' : 'unavailable' });
      endResponse(new fetchAPI.Response(body, { status: isWell ? 200 : 503, headers }));
    },
  };
}
