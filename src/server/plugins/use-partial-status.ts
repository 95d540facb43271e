import type { Plugin } from 'graphql-yoga';

const partialSuccess = { status: 294, statusText: 'Partial Success' } as const;

/**
 * The status that GraphQL over HTTP has for an answer with both data and errors: `data: null` is such an answer too. Only in the
 * media type of GraphQL: clients of `application/json` take any status but 200 for a failure of HTTP.
 */
export function usePartialStatus(): Plugin {
  const partial = new WeakSet<Request>();
  return {
    onResultProcess({ request, result }) {
      if (!('errors' in result) || result.errors === undefined || result.data === undefined) return;
      partial.add(request);
    },
    onResponse({ request, response, fetchAPI, setResponse }) {
      if (!partial.has(request) || response.status !== 200 || !isOfGraphql(response)) return;
      setResponse(new fetchAPI.Response(response.body, { ...partialSuccess, headers: response.headers }));
    },
  };
}

function isOfGraphql({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/graphql-response+json') === true;
}
