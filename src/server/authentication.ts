import type { Refusal } from './refusal.ts';
import type { Viewer } from './viewers.ts';

export type Authentication =
  | { readonly kind: 'viewer'; readonly viewer: Viewer }
  | {
      readonly kind: 'refusal';
      readonly refusal: Refusal;
      /** For the log alone: callers are told as little as helps an honest one. */
      readonly reason: string;
    }
  | { readonly kind: 'failure'; readonly refusal: Refusal; readonly cause: unknown };

export type Authenticator = (headers: Headers) => Promise<Authentication>;
