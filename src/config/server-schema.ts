import { z } from 'zod';
import { wholeNumber } from '../http/whole-number.ts';
import { inboundAuth } from './auth-schema.ts';
import { catalog } from './catalog-schema.ts';
import { limits } from './limits-schema.ts';
import { isLoopback } from './loopback.ts';
import { settings } from './settings.ts';
import { sharing } from './sharing-schema.ts';
import { parseUrl } from './url.ts';
import { whenValid } from './when-valid.ts';

export const server = settings({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('The address to listen on. `0.0.0.0` means all addresses of the machine.'),
  port: wholeNumber.min(0).max(65_535).default(4_000).describe('The port to listen on. `0` means any free port.'),
  path: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, 'must be a path such as /graphql')
    .refine((path) => path !== '/health' && path !== '/ready', 'must not be the path of a health check')
    .default('/graphql')
    .describe('The path of the GraphQL endpoint and of GraphiQL.'),
  auth: inboundAuth.default({ mode: 'none' }),
  allowAnonymous: z
    .boolean()
    .default(false)
    .describe(
      'Allows `auth: { mode: none }` on an address that other machines can reach. Anybody who reaches it can then read everything.',
    ),
  cors: settings({
    origins: z
      .array(
        z.string().refine((text) => parseUrl(text)?.origin === text, 'must be an origin such as https://example.com'),
      )
      .default([])
      .describe('Origins whose web pages may send requests, each written as `https://host`.'),
  })
    .prefault({})
    .describe('Cross-origin requests from web pages.'),
  webSocket: z
    .boolean()
    .default(false)
    .describe(
      'Whether operations are also answered over a WebSocket, at the same path, by the protocol graphql-ws (`graphql-transport-ws`). It needs the package `ws`. Subscriptions need no WebSocket: they are answered by server-sent events.',
    ),
  production: z
    .boolean()
    .default(false)
    .describe('Turns off GraphiQL, introspection and suggestions. Each can be turned on again by its own setting.'),
  graphiql: z
    .boolean()
    .optional()
    .describe(
      'Whether the endpoint serves GraphiQL to browsers. Default: the opposite of `production`. Always off with `trustedDocuments`.',
    ),
  introspection: z
    .boolean()
    .optional()
    .describe(
      'Whether clients can read the schema, by introspection or by `_service` of Apollo Federation. Default: the opposite of `production`.',
    ),
  suggestions: z
    .boolean()
    .optional()
    .describe(
      'Whether error messages suggest existing names (`Did you mean ...?`). Default: the opposite of `production`.',
    ),
  explain: z
    .boolean()
    .optional()
    .describe(
      'Whether the header `x-session-graph-explain: 1` adds to an answer which requests were sent for it. Default: only when `host` is a loopback address, `auth` is `{ mode: none }` and `allowAnonymous` is false.',
    ),
  partialStatus: z
    .boolean()
    .default(false)
    .describe(
      'Gives answers that have both `data` and `errors` the HTTP status 294 (Partial Success) instead of 200, where their media type is `application/graphql-response+json`.',
    ),
  trustedDocuments: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A JSON file that maps ids to queries, or an operation manifest of Apollo, relative to the configuration file. If it is set, only these queries are answered: clients send `documentId` instead of `query`.',
    ),
  limits: limits.prefault({}).describe('Limits.'),
  sharing: sharing
    .prefault({})
    .describe(
      'What operations of the same user share. A source can override all but `maxBytes` and `redis` in its own `sharing`.',
    ),
  catalog: catalog
    .prefault({})
    .describe('The catalog: a copy of the sessions of those sources that have `catalog: true`. See docs/catalog.md.'),
  metrics: settings({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe(
        'The address at which Prometheus reads metrics. There are none unless `server.metrics` is set; `{}` suffices. `0.0.0.0` means all addresses of the machine.',
      ),
    port: wholeNumber
      .min(0)
      .max(65_535)
      .default(9_464)
      .describe('The port of the metrics, whose path is `/metrics`. `0` means any free port.'),
  })
    .optional()
    .describe(
      'Metrics for Prometheus, on a port of their own. Off by default: without this setting nothing is counted.',
    ),
  log: settings({
    level: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
      .default('info')
      .describe('The lowest level that is logged. At `info`, every operation is logged.'),
  })
    .prefault({})
    .describe('The log.'),
})
  .refine(({ auth, host, allowAnonymous }) => auth.mode !== 'none' || isLoopback(host) || allowAnonymous, {
    path: ['host'],
    message:
      'can be reached by other machines: set server.auth, or set server.allowAnonymous to let anybody read everything',
    ...whenValid('auth', 'host', 'allowAnonymous'),
  })
  .refine(({ port, metrics }) => port === 0 || metrics?.port !== port, {
    path: ['metrics', 'port'],
    message: 'must not be server.port: the metrics have a port of their own',
    ...whenValid('port', 'metrics'),
  });
