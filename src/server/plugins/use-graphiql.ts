import type { Plugin } from 'graphql-yoga';
import type { GraphiqlPage } from '../graphiql.ts';

/** GraphiQL for browsers. Yoga's own has neither compression nor a way to ask whether the page has changed. */
export function useGraphiql(readPage: () => Promise<GraphiqlPage>, path: string): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || request.headers.get('accept')?.includes('text/html') !== true) return;
      if (url.pathname !== path && url.pathname !== `${path}/`) return;
      const page = await readPage();
      // To be asked for again each time, because another version of this server has another page; mostly that is a 304.
      const headers = { etag: page.etag, 'cache-control': 'no-cache', vary: 'Accept, Accept-Encoding' };
      if (isKnown(request.headers.get('if-none-match'), page.etag)) {
        return endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      }
      const { encoding, body } = await page.read(request.headers.get('accept-encoding'));
      const encoded = encoding === 'identity' ? {} : { 'content-encoding': encoding };
      const type = { 'content-type': 'text/html; charset=utf-8' };
      endResponse(new fetchAPI.Response(body, { headers: { ...headers, ...type, ...encoded } }));
    },
  };
}

/** Proxies that compress make weak tags of strong ones, and some drop the mark; what counts is what it marks. */
function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(etag)) ?? false;
}
