import { createPublicKey } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { InboundAuth } from '../config/config.ts';
import type { Authentication, Authenticator } from './authentication.ts';

type JwtAuth = Extract<InboundAuth, { mode: 'jwt' }>;
type Verify = (token: string) => Promise<JWTPayload>;

export function createJwtAuthenticator(auth: JwtAuth): Authenticator {
  const verify = createVerifier(auth);
  return async (headers) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (token === undefined) {
      return unauthenticated('no token', 'Send a token: Authorization: Bearer <token>.', 'Bearer');
    }
    try {
      const { [auth.claim]: id, exp = 0 } = await verify(token);
      const until = (exp + auth.clockToleranceSeconds) * 1000;
      if (typeof id === 'string' && id !== '') return { kind: 'viewer', viewer: { id, until } };
      return unauthenticated(`${auth.claim} is not a string`, 'The token does not name a viewer.', invalidToken);
    } catch (error) {
      if (isAboutTheToken(error)) return unauthenticated(toReason(error), 'The token is not accepted.', invalidToken);
      return unavailable(error);
    }
  };
}

function createVerifier(auth: JwtAuth): Verify {
  const options: JWTVerifyOptions = {
    algorithms: auth.algorithms,
    issuer: auth.issuer,
    audience: auth.audience,
    clockTolerance: auth.clockToleranceSeconds,
    requiredClaims: ['exp', auth.claim],
  };
  if (auth.jwks !== undefined) {
    const keys = createRemoteJWKSet(new URL(auth.jwks), { timeoutDuration: 5_000 });
    return async (token) => (await jwtVerify(token, keys, options)).payload;
  }
  const key = auth.secret === undefined ? createPublicKey(auth.publicKey ?? '') : new TextEncoder().encode(auth.secret);
  return async (token) => (await jwtVerify(token, key, options)).payload;
}

/** As against the keys of the issuer, which may be out of reach. */
function isAboutTheToken(error: unknown): error is errors.JOSEError {
  return (
    error instanceof errors.JOSEError &&
    !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code)
  );
}

function toReason(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return toClaimReason(error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey) return 'signed with a key that the issuer does not publish';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  return 'malformed';
}

function toClaimReason({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `${claim} is missing`;
  switch (claim) {
    case 'iss':
      return 'issuer';
    case 'aud':
      return 'audience';
    case 'nbf':
      return 'not yet valid';
    default:
      return `${claim} has a wrong value`;
  }
}

const invalidToken = 'Bearer error="invalid_token"';

function unauthenticated(reason: string, message: string, challenge: string): Authentication {
  const headers = { 'www-authenticate': challenge };
  return { kind: 'unauthenticated', response: { status: 401, code: 'UNAUTHENTICATED', message, headers }, reason };
}

function unavailable(cause: unknown): Authentication {
  const message = 'Tokens cannot be verified at the moment.';
  const headers = { 'retry-after': '5' };
  return { kind: 'failure', response: { status: 503, code: 'AUTHENTICATION_UNAVAILABLE', message, headers }, cause };
}
