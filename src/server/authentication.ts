import type { ErrorResponse } from './error-response.ts';
import type { Viewer } from './viewers.ts';

export type Authentication =
  | { readonly kind: 'viewer'; readonly viewer: Viewer }
  | {
      readonly kind: 'unauthenticated';
      readonly response: ErrorResponse;
      /** For the log only: the caller gets a shorter message that helps no attacker. */
      readonly reason: string;
    }
  | { readonly kind: 'failure'; readonly response: ErrorResponse; readonly cause: unknown };

export type Authenticator = (headers: Headers) => Promise<Authentication>;
