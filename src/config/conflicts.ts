import { z } from 'zod';
import { registry } from '../providers/registry.ts';
import { secretAlgorithms } from './auth-schema.ts';
import { isLoopback } from './loopback.ts';
import type { Problem } from './problem.ts';
import { isReadableInTransit } from './url.ts';

// Accepts any value and drops what has a wrong type, so that conflicts are reported together with the errors of the schema.
const anything = z.unknown().optional();
const text = z.string().optional().catch(undefined);
const mapping = z.record(z.string(), z.unknown()).optional().catch(undefined);
const inboundAuth = z
  .object({
    mode: text,
    algorithms: z.array(z.string()).catch([]),
    jwks: text,
    secret: text,
    publicKey: text,
    header: text,
    secretHeader: text,
  })
  .partial()
  .optional()
  .catch(undefined);
const loose = z.object({
  server: z.object({ host: text, allowAnonymous: anything, auth: inboundAuth }).optional().catch(undefined),
  sources: z
    .array(z.object({ id: text, provider: text, url: text, auth: mapping, user: anything }).catch({}))
    .catch([]),
});

type Loose = z.output<typeof loose>;
type LooseSource = Loose['sources'][number];

/** Settings that are each valid but contradict each other. */
export function findConflicts(value: unknown): readonly Problem[] {
  const { server, sources } = loose.catch({ server: undefined, sources: [] }).parse(value);
  return [
    ...inServer(server),
    ...sources.flatMap((source, index) => [
      ...duplicateIds(sources, index),
      ...userProblems(source, index, server),
      ...credentialProblems(source, index),
      ...forwardProblems(source, index, server),
    ]),
  ];
}

function inServer(server: Loose['server']): readonly Problem[] {
  const auth = server?.auth;
  const host = server?.host ?? '127.0.0.1';
  const problems: Problem[] = [];
  if (asksNobody(server) && !isLoopback(host) && server?.allowAnonymous !== true) {
    problems.push({
      path: ['server', 'host'],
      message:
        'can be reached by other machines: set server.auth, or set server.allowAnonymous to let anybody read everything',
    });
  }
  if (auth?.mode === 'jwt') problems.push(...keyProblems(auth));
  if (auth?.mode === 'header' && auth.header !== undefined && isSameName(auth.header, auth.secretHeader)) {
    problems.push({
      path: ['server', 'auth', 'secretHeader'],
      message: 'must not be the same header as server.auth.header',
    });
  }
  return problems;
}

function asksNobody(server: Loose['server']): boolean {
  return (server?.auth?.mode ?? 'none') === 'none';
}

function keyProblems(auth: NonNullable<NonNullable<Loose['server']>['auth']>): readonly Problem[] {
  const at = ['server', 'auth'];
  const given = (['jwks', 'secret', 'publicKey'] as const).filter((key) => auth[key] !== undefined);
  if (given.length !== 1) return [{ path: at, message: 'must have exactly one of jwks, secret and publicKey' }];
  const problems: Problem[] = [];
  const isSecret = given[0] === 'secret';
  const wrong = (auth.algorithms ?? []).filter((name) => secretAlgorithms.some((known) => known === name) !== isSecret);
  if (wrong.length > 0) {
    const message = isSecret
      ? 'must be HS256, HS384 or HS512 with a secret'
      : 'must not be HS256, HS384 or HS512 without a secret';
    problems.push({ path: [...at, 'algorithms'], message });
  }
  if (auth.jwks !== undefined && isReadableInTransit(auth.jwks)) {
    problems.push({ path: [...at, 'jwks'], message: 'must be https: otherwise the keys could be replaced in transit' });
  }
  return problems;
}

function duplicateIds(sources: readonly LooseSource[], index: number): readonly Problem[] {
  const id = sources[index]?.id;
  const first = sources.findIndex((source) => source.id === id);
  if (id === undefined || first === index) return [];
  return [{ path: ['sources', index, 'id'], message: `is also the id of sources[${first}]` }];
}

function userProblems(
  { provider: name, user }: LooseSource,
  index: number,
  server: Loose['server'],
): readonly Problem[] {
  const provider = registry.find((each) => each.name === name);
  const path = ['sources', index, 'user'];
  if (provider?.user === 'required' && user === undefined) {
    return [
      {
        path,
        message: `is required: ${provider.title} cannot list the sessions of all users; set "viewer" or { constant: <user id> }`,
      },
    ];
  }
  if (provider?.user === 'unsupported' && user !== undefined) {
    return [{ path, message: `is not supported: ${provider.title} cannot list the sessions of one user` }];
  }
  if (user === 'viewer' && asksNobody(server)) {
    const message =
      'needs a viewer, but server.auth is { mode: none }: set server.auth to jwt or header, or set { constant: <user id> } here';
    return [{ path, message }];
  }
  return [];
}

function credentialProblems({ url, auth }: LooseSource, index: number): readonly Problem[] {
  const problems: Problem[] = [];
  if (auth !== undefined && url !== undefined && isReadableInTransit(url)) {
    problems.push({
      path: ['sources', index, 'url'],
      message: 'must be https: otherwise the credential could be read in transit',
    });
  }
  const tokenUrl = z.object({ tokenUrl: z.string() }).safeParse(auth?.oauth2).data?.tokenUrl;
  if (tokenUrl !== undefined && isReadableInTransit(tokenUrl)) {
    const path = ['sources', index, 'auth', 'oauth2', 'tokenUrl'];
    problems.push({ path, message: 'must be https: otherwise the credential could be read in transit' });
  }
  return problems;
}

function forwardProblems({ auth }: LooseSource, index: number, server: Loose['server']): readonly Problem[] {
  const header = auth?.forward;
  if (typeof header !== 'string' || !isSameName(header, server?.auth?.secretHeader)) return [];
  return [
    { path: ['sources', index, 'auth', 'forward'], message: 'must not be the header in server.auth.secretHeader' },
  ];
}

function isSameName(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.toLowerCase();
}
