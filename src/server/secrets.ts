import type { Config, InboundAuth, SourceEntry } from '../config/config.ts';
import { parseUrl, urlPassword } from '../config/url.ts';

/** Every secret of a configuration, longest first, so that none hides a part of another. */
export function secretsOf({ server, sources }: Config): readonly string[] {
  const secrets = [
    ...inboundSecrets(server.auth),
    ...urlSecrets(server.sharing.redis),
    ...urlSecrets(server.catalog.postgres),
    ...sources.flatMap(outboundSecrets),
  ];
  return secrets.filter((secret) => secret.length >= 4).sort((left, right) => right.length - left.length);
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

function inboundSecrets(auth: InboundAuth): readonly string[] {
  return auth.mode === 'none' || auth.secret === undefined ? [] : [auth.secret];
}

function urlSecrets(url: string | undefined): readonly string[] {
  return url === undefined ? [] : [url, urlPassword(url) ?? '', parseUrl(url)?.password ?? ''];
}

function outboundSecrets({ auth }: SourceEntry): readonly string[] {
  switch (auth.kind) {
    case 'none':
    case 'forward':
      return [];
    case 'header':
      return [auth.value];
    case 'oauth2':
      return [auth.clientSecret];
    case 'bearer':
    case 'apiKey':
    case 'raw':
      return [auth.token];
  }
}
