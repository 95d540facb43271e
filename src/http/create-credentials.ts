import { UpstreamError } from '../domain/errors.ts';
import type { Credentials, CredentialsSettings } from './credentials.ts';
import { createOAuth2Credentials } from './oauth2.ts';

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
      return ofTheCaller(settings.sourceId, auth.header.toLowerCase());
    case 'oauth2':
      return createOAuth2Credentials({ ...settings, auth });
  }
}

function fixed(headers: Readonly<Record<string, string>>): Credentials {
  return { authorize: async () => headers, renew: () => false, distinguish: () => null, close: async () => {} };
}

function ofTheCaller(sourceId: string, name: string): Credentials {
  return {
    async authorize(forwarded) {
      const value = forwarded[name] ?? '';
      if (value !== '') return { [name]: value };
      const sentence = `is asked with the caller's own credential, and the caller sent no "${name}" header to pass on`;
      throw new UpstreamError(sourceId, 'UPSTREAM_UNAUTHENTICATED', { sentence });
    },
    refusedSentence: `does not accept the credential that the caller sent in "${name}"`,
    renew: () => false,
    distinguish: (forwarded) => forwarded[name] ?? null,
    close: async () => {},
  };
}
