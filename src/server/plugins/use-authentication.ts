import type { Plugin } from 'graphql-yoga';
import type { Admit } from '../admission.ts';
import { toErrorResponse } from '../error-response.ts';

/** Not GraphiQL's page and the health checks: they hold nothing of anybody. */
export function useAuthentication(admit: Admit): Plugin {
  return {
    async onRequestParse({ request, fetchAPI, endResponse }) {
      const refusal = await admit(request);
      if (refusal !== null) endResponse(toErrorResponse(refusal, fetchAPI.Response));
    },
  };
}
