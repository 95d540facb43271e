import type { Pool } from 'undici';
import { z } from 'zod';
import { type UpstreamCode, UpstreamError } from '../domain/errors.ts';
import type { OAuth2Settings } from './auth.ts';
import type { Credentials, CredentialsSettings } from './credentials.ts';
import { readErrorName } from './error-name.ts';
import { exchange } from './exchange.ts';
import { createPool } from './pool.ts';
import { readJson } from './read-json.ts';
import { createStopper, untilStopped } from './stop.ts';
import { userAgent } from './user-agent.ts';

interface Token {
  readonly authorization: string;
  readonly refreshAt: number;
  readonly expiresAt: number;
}

const tokenBody = z.object({
  access_token: z.string().min(1),
  // Entra's older endpoint spells it as text; RFC 6749 only recommends it.
  expires_in: z.coerce.number().positive().default(300),
});

const maxTokenBytes = 256 * 1024;
/** Minimum time between two refreshes because of a 401, and after a failed early refresh: not every 401 is about the token. */
const patienceMs = 30_000;

/** Client credentials: one token for the source, renewed before it ends, by one request at a time. */
export function createOAuth2Credentials(
  settings: CredentialsSettings & { readonly auth: OAuth2Settings },
): Credentials {
  const { auth, limits, now } = settings;
  const url = new URL(auth.tokenUrl);
  const pool = createPool(url.origin, limits);
  let token: Token | null = null;
  let pending: Promise<Token> | null = null;
  let earlyRefreshAfter = Number.NEGATIVE_INFINITY;
  let renewalAfter = Number.NEGATIVE_INFINITY;

  // Without the signal of a caller, because others wait for the same token.
  function refresh(): Promise<Token> {
    pending ??= requestToken(settings, pool, `${url.pathname}${url.search}`)
      .then((fresh) => {
        token = fresh;
        return fresh;
      })
      .finally(() => {
        pending = null;
      });
    return pending;
  }

  function refreshEarly(): void {
    if (now() < earlyRefreshAfter) return;
    earlyRefreshAfter = now() + patienceMs;
    // The current token is still valid. If refreshing keeps failing, the request that needs a new token reports it.
    refresh().catch(() => {});
  }

  return {
    async authorize(_forwarded, stop) {
      if (token !== null && now() < token.expiresAt) {
        if (now() >= token.refreshAt) refreshEarly();
        return { authorization: token.authorization };
      }
      const fresh = await untilStopped(refresh(), stop);
      return { authorization: fresh.authorization };
    },
    renew(refused) {
      if (token !== null && token.authorization !== refused.authorization) return true;
      if (token === null || now() < renewalAfter) return pending !== null;
      renewalAfter = now() + patienceMs;
      token = null;
      return true;
    },
    distinguish: () => null,
    close: () => pool.destroy(),
  };
}

async function requestToken(
  settings: CredentialsSettings & { readonly auth: OAuth2Settings },
  pool: Pool,
  path: string,
): Promise<Token> {
  const { auth, now } = settings;
  const askedAt = now();
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
  });
  if (auth.scope !== null) body.set('scope', auth.scope);
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': userAgent,
  };
  const request = { method: 'POST', path, headers, body: body.toString() } as const;
  const options = { stop: createStopper(), timeoutMs: settings.limits.attemptTimeoutMs, maxBytes: maxTokenBytes };
  const result = await exchange(pool, request, options);
  if (result.kind === 'failure') throw failure(settings, 'UPSTREAM_UNAVAILABLE', result.cause.message);

  const { reply } = result;
  if (reply.status < 200 || reply.status >= 300) {
    const refused = reply.status >= 400 && reply.status < 500 && reply.status !== 408 && reply.status !== 429;
    const code = refused ? 'UPSTREAM_UNAUTHENTICATED' : 'UPSTREAM_UNAVAILABLE';
    throw failure(settings, code, `status ${reply.status} ${readErrorName(reply) ?? ''}`);
  }
  const token = readJson(reply, tokenBody);
  if (token.kind === 'failure') throw failure(settings, 'UPSTREAM_UNAVAILABLE', token.cause.message);
  const lifetime = token.value.expires_in * 1_000;
  return {
    authorization: `Bearer ${token.value.access_token}`,
    refreshAt: askedAt + lifetime - Math.min(120_000, lifetime / 5),
    expiresAt: askedAt + lifetime,
  };
}

function failure(settings: CredentialsSettings, code: UpstreamCode, words: string): UpstreamError {
  return new UpstreamError(settings.sourceId, code, { cause: new Error(`No access token: ${words.trim()}.`) });
}
