import type { HttpAuth } from './auth.ts';
import type { ForwardedHeaders } from './http-call.ts';
import type { HttpLimits } from './limits.ts';
import type { Stop } from './stop.ts';

export interface Credentials {
  /** The headers that carry the credential. */
  authorize(forwarded: ForwardedHeaders, stop: Stop): Promise<Readonly<Record<string, string>>>;
  /** To be called when the platform answered 401 to these headers: whether to send the request again with new ones. */
  renew(refused: Readonly<Record<string, string>>): boolean;
  /** The error message for a 401, where the usual one would mislead. */
  readonly refusedSentence?: string;
  /** What makes the credential of this call differ from that of another, null when nothing does. */
  distinguish(forwarded: ForwardedHeaders): string | null;
  close(): Promise<void>;
}

export interface CredentialsSettings {
  readonly sourceId: string;
  readonly auth: HttpAuth;
  readonly limits: HttpLimits;
  readonly now: () => number;
}
