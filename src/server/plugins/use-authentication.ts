import type { Plugin } from 'graphql-yoga';
import type { Authenticator } from '../authenticate.ts';
import { toRefusalResponse } from '../refusal.ts';
import type { Viewers } from '../viewers.ts';

export interface AuthenticationSettings {
  readonly authenticate: Authenticator;
  readonly viewers: Viewers;
  readonly report: (request: Request, error: unknown) => void;
}

/** Not GraphiQL's page and the health checks: they hold nothing of anybody. */
export function useAuthentication({ authenticate, viewers, report }: AuthenticationSettings): Plugin {
  return {
    async onRequestParse({ request, fetchAPI, endResponse }) {
      const answer = await authenticate(request.headers);
      if (answer.kind === 'viewer') return viewers.remember(request, answer.viewer);
      if (answer.cause !== null) report(request, answer.cause);
      endResponse(toRefusalResponse(answer.refusal, fetchAPI.Response));
    },
  };
}
