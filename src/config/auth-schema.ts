import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { headerName } from './header-name.ts';
import { settings } from './settings.ts';
import { httpUrl } from './url.ts';

export const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;
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

// What is shorter can be guessed by whoever has seen a token or can ask often enough.
const secret = z.string().min(32);

export const inboundAuth = z
  .discriminatedUnion(
    'mode',
    [
      settings({ mode: z.literal('none').describe('Nobody is asked who they are; only on a loopback host.') }),
      settings({
        mode: z.literal('jwt').describe('Callers send a JSON Web Token as `Authorization: Bearer`.'),
        algorithms: z
          .array(z.enum([...secretAlgorithms, ...keyAlgorithms]))
          .min(1)
          .describe('The only algorithms a token may be signed with.'),
        jwks: httpUrl.optional().describe('Where the keys of the issuer are published.'),
        secret: secret.optional().describe('The shared secret, for HS256, HS384 and HS512.'),
        publicKey: z
          .string()
          .refine(isPublicKey, 'must be a public key in PEM')
          .optional()
          .describe('The public key of the issuer, in PEM.'),
        issuer: z.string().min(1).describe('What `iss` must be.'),
        audience: z.string().min(1).describe('What `aud` must hold.'),
        claim: z.string().min(1).default('sub').describe('The claim that is the id of the viewer.'),
        clockToleranceSeconds: z.int().min(0).max(600).default(30).describe('How far clocks may differ.'),
      }),
      settings({
        mode: z.literal('header').describe('A proxy in front of this server says who is asking.'),
        header: headerName.describe(
          'The header that is the id of the viewer. The proxy must replace what the caller sends; an id cannot have a comma.',
        ),
        secretHeader: headerName.describe('The header by which the proxy proves that it is the proxy.'),
        secret: secret.describe('What the proxy sends in it.'),
      }),
    ],
    { error: (issue) => (issue.code === 'invalid_union' ? 'must be none, jwt or header' : undefined) },
  )
  .describe('How callers prove who they are.');

function isPublicKey(text: string): boolean {
  try {
    return text.includes('PUBLIC KEY') && createPublicKey(text).type === 'public';
  } catch {
    return false;
  }
}
