import { z } from 'zod';
import { inboundAuth } from './auth-schema.ts';
import { limits } from './limits-schema.ts';
import { settings } from './settings.ts';
import { parseUrl } from './url.ts';

export const server = settings({
  host: z.string().min(1).default('127.0.0.1').describe('The address to listen on; 0.0.0.0 for all of the machine.'),
  port: z.int().min(0).max(65_535).default(4_000).describe('The port to listen on; 0 for any that is free.'),
  path: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, 'must be a path such as /graphql')
    .refine((path) => path !== '/health' && path !== '/ready', 'must not be the path of a health check')
    .default('/graphql')
    .describe('The path of the endpoint, and of GraphiQL.'),
  auth: inboundAuth.default({ mode: 'none' }),
  allowAnonymous: z
    .boolean()
    .default(false)
    .describe('Allows `auth: { mode: none }` on a host that others can reach: everybody may then read everything.'),
  cors: settings({
    origins: z
      .array(
        z.string().refine((text) => parseUrl(text)?.origin === text, 'must be an origin such as https://example.com'),
      )
      .default([])
      .describe('The origins whose pages may ask, each as `https://host`.'),
  })
    .prefault({})
    .describe('Which web pages of other origins may ask.'),
  production: z
    .boolean()
    .default(false)
    .describe('Turns off GraphiQL, introspection and suggestions, unless they are turned on one by one.'),
  graphiql: z
    .boolean()
    .optional()
    .describe(
      'Whether browsers get GraphiQL at the endpoint. Default: not in production. Never with trusted documents.',
    ),
  introspection: z
    .boolean()
    .optional()
    .describe('Whether the schema can be asked for, also as a subgraph (`_service`). Default: not in production.'),
  suggestions: z.boolean().optional().describe('Whether errors suggest names that exist. Default: not in production.'),
  trustedDocuments: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A JSON file, relative to this one, that maps ids to queries. Then nothing else is answered: callers send `documentId` instead of `query`.',
    ),
  limits: limits.prefault({}).describe('How much of everything.'),
  log: settings({
    level: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
      .default('info')
      .describe('From which level on; `info` tells of every operation.'),
  })
    .prefault({})
    .describe('What is written to the log.'),
});
