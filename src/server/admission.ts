import type { Authenticator } from './authentication.ts';
import type { ErrorResponse } from './error-response.ts';
import type { Log } from './log.ts';
import { requestIdOf } from './request-id.ts';
import type { Viewers } from './viewers.ts';

export interface AdmissionSettings {
  readonly authenticate: Authenticator;
  readonly viewers: Viewers;
  readonly log: Log;
}

/** Learns who sends a request. Gives what it is refused with, or null. */
export type Admit = (request: Request) => Promise<ErrorResponse | null>;

export function createAdmission({ authenticate, viewers, log }: AdmissionSettings): Admit {
  return async (request) => {
    const answer = await authenticate(request.headers);
    switch (answer.kind) {
      case 'viewer':
        viewers.remember(request, answer.viewer);
        return null;
      case 'failure':
        log.failure(requestIdOf(request), answer.cause);
        return answer.response;
      case 'unauthenticated':
        log.refused(requestIdOf(request), answer.reason);
        return answer.response;
    }
  };
}
