import { UpstreamError } from '../domain/errors.ts';
import type { HttpAuth } from './auth.ts';
import type { HttpCall } from './http-call.ts';
import type { HttpLimits } from './limits.ts';
import { createOAuth2Credentials } from './oauth2.ts';

export interface Credentials {
  /** The headers that carry the credential. */
  authorize(call: HttpCall, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Told that the platform answered 401 to these headers; whether asking again with new ones makes sense. */
  renew(refused: Readonly<Record<string, string>>): boolean;
  /** What is told of a source that answers 401, where the usual words would mislead. */
  readonly refusedSentence?: string;
  /** What makes the credential of this call differ from that of another, null when nothing does. */
  distinguish(call: HttpCall): string | null;
  close(): Promise<void>;
}

export interface CredentialsSettings {
  readonly sourceId: string;
  readonly auth: HttpAuth;
  readonly limits: HttpLimits;
  readonly now: () => number;
}

export function createCredentials(settings: CredentialsSettings): Credentials {
  const { auth } = settings;
  switch (auth.kind) {
    case 'none':
      return { ...fixed({}), refusedSentence: 'asks for a credential, and none is configured' };
    case 'bearer':
      return fixed({ authorization: `Bearer ${auth.token}` });
    case 'apiKey':
      return fixed({ authorization: `ApiKey ${auth.token}` });
    case 'raw':
      return fixed({ authorization: auth.token });
    case 'header':
      return fixed({ [auth.name.toLowerCase()]: auth.value });
    case 'forward':
      return forwarded(settings.sourceId, auth.header.toLowerCase());
    case 'oauth2':
      return createOAuth2Credentials({ ...settings, auth });
  }
}

function fixed(headers: Readonly<Record<string, string>>): Credentials {
  return { authorize: async () => headers, renew: () => false, distinguish: () => null, close: async () => {} };
}

function forwarded(sourceId: string, name: string): Credentials {
  return {
    async authorize(call) {
      const value = call.forwarded[name] ?? '';
      if (value !== '') return { [name]: value };
      const sentence = `is asked with the caller's own credential, and the caller sent no "${name}" header to pass on`;
      throw new UpstreamError(sourceId, 'UPSTREAM_UNAUTHENTICATED', { sentence });
    },
    refusedSentence: `does not accept the credential that the caller sent in "${name}"`,
    renew: () => false,
    distinguish: (call) => call.forwarded[name] ?? null,
    close: async () => {},
  };
}
