import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { wholeNumber } from '../http/whole-number.ts';
import { headerName } from './header-name.ts';
import { settings } from './settings.ts';
import { httpUrl, isReadableInTransit } from './url.ts';
import { whenValid } from './when-valid.ts';

const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;
const keyAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

// A shorter secret can be guessed: offline from one token, or by many requests.
const secret = z.string().min(32);

export const inboundAuth = z
  .discriminatedUnion(
    'mode',
    [
      settings({
        mode: z
          .literal('none')
          .describe('No authentication. Only on a loopback address, unless `allowAnonymous` is set.'),
      }),
      settings({
        mode: z.literal('jwt').describe('Clients send a JSON Web Token as `Authorization: Bearer <token>`.'),
        algorithms: z
          .array(z.enum([...secretAlgorithms, ...keyAlgorithms]))
          .min(1)
          .describe('The signature algorithms that are accepted.'),
        jwks: httpUrl.optional().describe('The URL of the JSON Web Key Set of the issuer.'),
        secret: secret.optional().describe('The shared secret for HS256, HS384 and HS512.'),
        publicKey: z
          .string()
          .refine(isPublicKey, 'must be a public key in PEM')
          .optional()
          .describe('The public key of the issuer in PEM.'),
        issuer: z.string().min(1).describe('The required value of the `iss` claim.'),
        audience: z.string().min(1).describe('The value that the `aud` claim must contain.'),
        claim: z.string().min(1).default('sub').describe('The claim that holds the id of the viewer.'),
        clockToleranceSeconds: wholeNumber
          .min(0)
          .max(600)
          .default(30)
          .describe('Maximum difference in seconds between the clocks of this server and of the issuer.'),
      })
        .refine(({ jwks, secret, publicKey }) => [jwks, secret, publicKey].filter(isGiven).length === 1, {
          message: 'must have exactly one of jwks, secret and publicKey',
          ...whenValid(),
        })
        .refine(({ secret, algorithms }) => !isGiven(secret) || algorithms.every(isOfSecret), {
          path: ['algorithms'],
          message: 'must be HS256, HS384 or HS512 with a secret',
          ...whenValid('algorithms'),
        })
        .refine(({ secret, algorithms }) => isGiven(secret) || !algorithms.some(isOfSecret), {
          path: ['algorithms'],
          message: 'must not be HS256, HS384 or HS512 without a secret',
          ...whenValid('algorithms'),
        })
        .refine(({ jwks }) => !isGiven(jwks) || !isReadableInTransit(jwks), {
          path: ['jwks'],
          message: 'must be https: otherwise the keys could be replaced in transit',
          ...whenValid('jwks'),
        }),
      settings({
        mode: z
          .literal('header')
          .describe('A proxy in front of this server authenticates callers and names them in a header.'),
        header: headerName.describe(
          'The header that holds the id of the viewer. The proxy must overwrite a header of this name that a client sends. An id must not contain a comma.',
        ),
        secretHeader: headerName.describe('The header that holds the secret of the proxy.'),
        secret: secret.describe('The secret that proves that a request comes from the proxy.'),
      }).refine(({ header, secretHeader }) => header.toLowerCase() !== secretHeader.toLowerCase(), {
        path: ['secretHeader'],
        message: 'must not be the same header as server.auth.header',
        ...whenValid('header', 'secretHeader'),
      }),
    ],
    { error: (issue) => (issue.code === 'invalid_union' ? 'must be none, jwt or header' : undefined) },
  )
  .describe('How clients are authenticated.');

function isGiven<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

function isOfSecret(algorithm: string): boolean {
  return secretAlgorithms.some((known) => known === algorithm);
}

function isPublicKey(text: string): boolean {
  try {
    return text.includes('PUBLIC KEY') && createPublicKey(text).type === 'public';
  } catch {
    return false;
  }
}
