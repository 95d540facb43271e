import type { Plugin } from 'graphql-yoga';
import { toErrorResponse } from '../error-response.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { Viewers } from '../viewers.ts';

export function useRateLimit(requestsPerMinute: number, viewers: Viewers): Plugin {
  const limit = createRateLimit(requestsPerMinute, () => performance.now());
  return {
    onRequestParse({ request, fetchAPI, endResponse }) {
      const { id } = viewers.of(request);
      const seconds = id === null ? 0 : limit.secondsToWait(id);
      if (seconds === 0) return;
      const message = `More than ${requestsPerMinute} requests per minute.`;
      const headers = { 'retry-after': String(seconds) };
      endResponse(toErrorResponse({ status: 429, code: 'RATE_LIMITED', message, headers }, fetchAPI.Response));
    },
  };
}
