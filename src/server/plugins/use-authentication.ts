import type { Plugin } from 'graphql-yoga';
import type { Authenticator } from '../authentication.ts';
import { toErrorResponse } from '../error-response.ts';
import type { Log } from '../log.ts';
import { requestIdOf } from '../request-id.ts';
import type { Viewers } from '../viewers.ts';

export interface AuthenticationSettings {
  readonly authenticate: Authenticator;
  readonly viewers: Viewers;
  readonly log: Log;
}

/** Not GraphiQL's page and the health checks: they hold nothing of anybody. */
export function useAuthentication({ authenticate, viewers, log }: AuthenticationSettings): Plugin {
  return {
    async onRequestParse({ request, fetchAPI, endResponse }) {
      const answer = await authenticate(request.headers);
      if (answer.kind === 'viewer') return viewers.remember(request, answer.viewer);
      if (answer.kind === 'failure') log.failure(requestIdOf(request), answer.cause);
      else log.refused(requestIdOf(request), answer.reason);
      endResponse(toErrorResponse(answer.response, fetchAPI.Response));
    },
  };
}
