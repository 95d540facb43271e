import { describe, expect, test } from 'vitest';
import { defaultHttpLimits } from '../../src/http/limits.ts';
import { complaints, load } from './written.ts';

describe('a configuration without mistakes', () => {
  test('is read with every way to authenticate and every kind of user', () => {
    const { server, sources } = load({
      yaml: `
server: { host: 127.0.0.1, port: 4100, limits: { http: { retries: 1 } }, auth: { mode: header, header: x-viewer, secretHeader: x-proxy-secret, secret: "\${LONG}" } }
sources:
  - { id: foundry-prod, provider: foundry, url: "https://acct.services.ai.azure.com/api/projects/p", auth: { oauth2: { tokenUrl: "https://login.example/token", clientId: me, clientSecret: "\${SECRET}", scope: "https://ai.azure.com/.default" } }, user: viewer, userHeader: x-ms-user-identity }
  - { id: everruns, provider: everruns, name: Runs, url: "https://app.everruns.com/api", auth: { apikey: "\${KEY}" }, organization: org_1 }
  - { id: agentscope, provider: agentscope, url: "http://localhost:8000", user: { constant: alice }, timezone: Europe/Berlin }
  - { id: agno, provider: agno, url: "http://localhost:7777", auth: { bearer: "\${KEY}" }, limits: { attemptTimeoutMs: 900 } }
  - { id: agno-staging, provider: agno, url: "http://[::1]:7777/os", auth: { forward: Authorization } }
  - { id: agno-old, provider: agno, url: "http://127.0.0.2:7777", auth: { header: { name: X-Key, value: v } }, dialect: "2.3" }
  - { id: agno-raw, provider: agno, url: "http://127.0.0.1:7777", auth: { raw: tok } }
`,
      environment: { SECRET: 's', KEY: 'k', LONG: 'l'.repeat(32) },
    });
    expect([server.host, server.port, server.path, server.auth]).toEqual([
      '127.0.0.1',
      4100,
      '/graphql',
      { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret: 'l'.repeat(32) },
    ]);
    expect(
      sources.map(({ id, name, provider, auth, user, settings }) => ({
        id,
        name,
        provider: provider.name,
        auth,
        user,
        settings,
      })),
    ).toMatchInlineSnapshot(`
      [
        {
          "auth": {
            "clientId": "me",
            "clientSecret": "s",
            "kind": "oauth2",
            "scope": "https://ai.azure.com/.default",
            "tokenUrl": "https://login.example/token",
          },
          "id": "foundry-prod",
          "name": "foundry-prod",
          "provider": "foundry",
          "settings": {
            "apiVersion": "v1",
            "conversations": {
              "scan": false,
            },
            "environmentValues": false,
            "features": "AgentEndpoints=V1Preview",
            "userHeader": "x-ms-user-identity",
          },
          "user": {
            "kind": "viewer",
          },
        },
        {
          "auth": {
            "kind": "apiKey",
            "token": "k",
          },
          "id": "everruns",
          "name": "Runs",
          "provider": "everruns",
          "settings": {
            "organization": "org_1",
          },
          "user": {
            "kind": "none",
          },
        },
        {
          "auth": {
            "kind": "none",
          },
          "id": "agentscope",
          "name": "agentscope",
          "provider": "agentscope",
          "settings": {
            "timezone": "Europe/Berlin",
          },
          "user": {
            "id": "alice",
            "kind": "constant",
          },
        },
        {
          "auth": {
            "kind": "bearer",
            "token": "k",
          },
          "id": "agno",
          "name": "agno",
          "provider": "agno",
          "settings": {
            "dbId": null,
            "dialect": "auto",
            "table": null,
          },
          "user": {
            "kind": "none",
          },
        },
        {
          "auth": {
            "header": "authorization",
            "kind": "forward",
          },
          "id": "agno-staging",
          "name": "agno-staging",
          "provider": "agno",
          "settings": {
            "dbId": null,
            "dialect": "auto",
            "table": null,
          },
          "user": {
            "kind": "none",
          },
        },
        {
          "auth": {
            "kind": "header",
            "name": "X-Key",
            "value": "v",
          },
          "id": "agno-old",
          "name": "agno-old",
          "provider": "agno",
          "settings": {
            "dbId": null,
            "dialect": "2.3",
            "table": null,
          },
          "user": {
            "kind": "none",
          },
        },
        {
          "auth": {
            "kind": "raw",
            "token": "tok",
          },
          "id": "agno-raw",
          "name": "agno-raw",
          "provider": "agno",
          "settings": {
            "dbId": null,
            "dialect": "auto",
            "table": null,
          },
          "user": {
            "kind": "none",
          },
        },
      ]
    `);
    expect(sources.map(({ limits }) => [limits.retries, limits.attemptTimeoutMs])).toEqual([
      [1, 5000],
      [1, 5000],
      [1, 5000],
      [1, 900],
      [1, 5000],
      [1, 5000],
      [1, 5000],
    ]);
  });

  test('needs no more than a source, and then has the defaults', () => {
    const { server, sources } = load({
      yaml: 'server:\nsources: [{ id: a, provider: agno, url: "http://localhost:1" }]',
    });
    expect(sources[0]).toMatchObject({
      auth: { kind: 'none' },
      user: { kind: 'none' },
      limits: defaultHttpLimits,
      name: 'a',
    });
    expect(server).toMatchInlineSnapshot(`
      {
        "allowAnonymous": false,
        "auth": {
          "mode": "none",
        },
        "catalog": {
          "keep": [
            "title",
            "preview",
            "user",
            "tags",
          ],
          "maxSessions": 200000,
          "requestsPerMinute": 60,
          "sweepMinutes": 10,
        },
        "cors": {
          "origins": [],
        },
        "explain": true,
        "graphiql": true,
        "host": "127.0.0.1",
        "introspection": true,
        "limits": {
          "http": {
            "attemptTimeoutMs": 5000,
            "backoffBaseMs": 100,
            "backoffMaxMs": 2000,
            "breakerFailures": 5,
            "breakerOpenMs": 5000,
            "concurrency": 16,
            "deadlineMs": 15000,
            "listShareMs": 4000,
            "maxResponseBytes": 33554432,
            "queue": 256,
            "retries": 2,
            "retryRatio": 0.2,
            "retryReserve": 10,
          },
          "paging": {
            "concurrentReads": 16,
            "scanRows": 2000,
          },
          "query": {
            "aliases": 50,
            "bodyBytes": 262144,
            "cost": 5000,
            "depth": 16,
            "requestsPerMinute": 1200,
            "tokens": 4000,
          },
          "subscriptions": 1000,
          "upstreamRequests": 1000,
        },
        "log": {
          "level": "info",
        },
        "partialStatus": false,
        "path": "/graphql",
        "port": 4000,
        "production": false,
        "sharing": {
          "directoryMs": 30000,
          "enabled": true,
          "maxBytes": 67108864,
          "sessionsMs": 1000,
          "staleMs": 0,
        },
        "suggestions": true,
        "trustedDocuments": null,
        "webSocket": false,
      }
    `);
  });

  test('turns off in production what shows the schema, but for what is turned on by name', () => {
    const source = 'sources: [{ id: a, provider: agno, url: "http://localhost:1" }]';
    const switches = (yaml: string) => {
      const { graphiql, introspection, suggestions } = load({ yaml: `${yaml}\n${source}` }).server;
      return { graphiql, introspection, suggestions };
    };
    expect(switches('server: {}')).toEqual({ graphiql: true, introspection: true, suggestions: true });
    expect(switches('server: { production: true }')).toEqual({
      graphiql: false,
      introspection: false,
      suggestions: false,
    });
    expect(switches('server: { production: true, introspection: true }')).toEqual({
      graphiql: false,
      introspection: true,
      suggestions: false,
    });
  });

  test('may keep common parts in YAML anchors', () => {
    const { sources } = load({
      yaml: `
sources:
  - { id: a, provider: agno, url: "http://localhost:1", limits: &calm { retries: 0 } }
  - { id: b, provider: agno, url: "http://localhost:2", limits: *calm }
`,
    });
    expect(sources.map(({ limits }) => limits.retries)).toEqual([0, 0]);
  });

  test('takes a host and a port from elsewhere, and checks them like its own', () => {
    const yaml = 'server: { port: 1 }\nsources: [{ id: a, provider: agno, url: "http://localhost:1" }]';
    expect(load({ yaml, overrides: { port: 2, host: '::1' } }).server).toMatchObject({ host: '::1', port: 2 });
    expect(complaints({ yaml, overrides: { host: '0.0.0.0' } })).toMatchInlineSnapshot(
      `"session-graph.yaml:1  server.host  can be reached by other machines: set server.auth, or set server.allowAnonymous to let anybody read everything"`,
    );
  });
});

describe('environment variables', () => {
  test('are put in the place of their names, inside texts too, and not in what they hold', () => {
    const yaml = `sources: [{ id: a, provider: agno, url: "http://\${HOST}:\${PORT}/$\${x}", name: "\${NAME}" }]`;
    const [source] = load({ yaml, environment: { HOST: 'localhost', PORT: '81', NAME: `\${HOST}` } }).sources;
    expect([source?.url, source?.name]).toEqual([`http://localhost:81/\${x}`, `\${HOST}`]);
  });

  test('that are not set, are empty or have no name are reported with their place', () => {
    const yaml = `
sources:
  - id: a
    provider: agno
    url: http://localhost:1
    name: "\${2x}"
    auth: { bearer: "\${NOT_SET}" }
  - { id: b, provider: agno, url: "\${URL_OF_B}", auth: { bearer: "\${EMPTY}" } }
`;
    expect(complaints({ yaml, environment: { EMPTY: '' } })).toMatchInlineSnapshot(`
      "session-graph.yaml:6  sources[0].name  has "\${2x}", which is not the name of an environment variable; write $\${ for a literal \${
      session-graph.yaml:7  sources[0].auth.bearer  needs the environment variable NOT_SET, which is not set
      session-graph.yaml:8  sources[1].url  needs the environment variable URL_OF_B, which is not set
      session-graph.yaml:8  sources[1].auth.bearer  must not be empty"
    `);
  });
});

describe('every mistake is reported at once, with its line', () => {
  test('in sources', () => {
    const yaml = `
sources:
  - id: Agno_Prod
    provider: agno
    url: localhost:7777
    dialekt: "2.9"
    table: sessions
  - id: agno
    provider: agnoo
    auth: { bearer: a, raw: b }
    limits: { retries: -1, retrys: 3 }
  - { id: everruns, provider: everruns, url: "http://everruns.example/api", auth: { apikey: k }, user: viewer }
  - { id: agno, provider: agno, url: "https://u:p@agno.example" }
  - { id: scope, provider: agentscope, url: "https://a.example?x=1", timezone: Mars/Olympus }
  - { provider: foundry, url: "https://f.example", user: { constant: "" }, userHeader: x-user }
  - id: foundry
    provider: foundry
    url: https://f.example
    auth:
      oauth2:
        tokenUrl: http://login.example/token
        clientId: 7
  - nothing
  - { id: last, provider: agno, url: "https://x.example", auth: { forward: Host }, limits: [] }
`;
    expect(complaints({ yaml })).toMatchInlineSnapshot(`
      "session-graph.yaml:3  sources[0].id  must be 1 to 63 characters of a-z, 0-9 and -, and must not begin with -
      session-graph.yaml:5  sources[0].url  must be an http or https URL
      session-graph.yaml:6  sources[0].dialekt  is not a setting; did you mean "dialect"?
      session-graph.yaml:7  sources[0].table  requires dbId
      session-graph.yaml:8  sources[1].url  is required
      session-graph.yaml:9  sources[1].provider  is not known; did you mean "agno"?
      session-graph.yaml:10  sources[1].auth  must have exactly one of bearer, apikey, raw, header, oauth2 and forward
      session-graph.yaml:11  sources[1].limits.retries  must be at least 0
      session-graph.yaml:11  sources[1].limits.retrys  is not a setting; did you mean "retries"?
      session-graph.yaml:12  sources[2].user  is not supported: Everruns cannot list the sessions of one user
      session-graph.yaml:12  sources[2].url  must be https: otherwise the credential could be read in transit
      session-graph.yaml:13  sources[3].url  must not contain a credential: set it in \`auth\`
      session-graph.yaml:13  sources[3].id  is also the id of sources[1]
      session-graph.yaml:14  sources[4].url  must not have a query or a fragment
      session-graph.yaml:14  sources[4].timezone  must be the name of a time zone, such as Europe/Berlin
      session-graph.yaml:14  sources[4].user  is required: AgentScope cannot list the sessions of all users; set "viewer" or { constant: <user id> }
      session-graph.yaml:15  sources[5].id  is required
      session-graph.yaml:15  sources[5].user.constant  must not be empty
      session-graph.yaml:15  sources[5].userHeader  must be x-ms-user-isolation-key or x-ms-user-identity
      session-graph.yaml:20  sources[6].auth.oauth2.clientSecret  is required
      session-graph.yaml:21  sources[6].auth.oauth2.tokenUrl  must be https: otherwise the credential could be read in transit
      session-graph.yaml:22  sources[6].auth.oauth2.clientId  must be a text
      session-graph.yaml:23  sources[7]  must be a mapping
      session-graph.yaml:24  sources[8].auth.forward  must not be a header with a meaning of its own in HTTP
      session-graph.yaml:24  sources[8].limits  must be a mapping"
    `);
  });

  test('in the server', () => {
    const yaml = `
server:
  host: 0.0.0.0
  port: 70000
  path: graphql
  auht: {}
  production: yes
  cors: { origins: ["https://a.example/"] }
  log: { level: loud }
  trustedDocuments: missing.json
  limits:
    http: { attemptTimeoutMs: 1.5 }
    query: { depth: 0, first: 3 }
`;
    expect(complaints({ yaml })).toMatchInlineSnapshot(`
      "session-graph.yaml:2  sources  is required
      session-graph.yaml:3  server.host  can be reached by other machines: set server.auth, or set server.allowAnonymous to let anybody read everything
      session-graph.yaml:4  server.port  must not be more than 65535
      session-graph.yaml:5  server.path  must be a path such as /graphql
      session-graph.yaml:6  server.auht  is not a setting; did you mean "auth"?
      session-graph.yaml:7  server.production  must be true or false
      session-graph.yaml:8  server.cors.origins[0]  must be an origin such as https://example.com
      session-graph.yaml:9  server.log.level  must be fatal, error, warn, info, debug or silent
      session-graph.yaml:10  server.trustedDocuments  cannot be read
      session-graph.yaml:12  server.limits.http.attemptTimeoutMs  must be a whole number
      session-graph.yaml:13  server.limits.query.depth  must be at least 1
      session-graph.yaml:13  server.limits.query.first  is not a setting here; the settings are aliases, bodyBytes, cost, depth, requestsPerMinute, tokens"
    `);
  });

  test('in the address of the metrics', () => {
    const rest = 'sources: [{ id: a, provider: agno, url: "http://localhost:1" }]';
    const complaintsOf = (server: string) => complaints({ yaml: `server: ${server}\n${rest}` });
    expect(complaintsOf('{ port: 4100, metrics: { port: 4100 } }')).toBe(
      'session-graph.yaml:1  server.metrics.port  must not be server.port: the metrics have a port of their own',
    );
    expect(complaintsOf('{ metrics: { prot: 1 } }')).toBe(
      'session-graph.yaml:1  server.metrics.prot  is not a setting; did you mean "port"?',
    );
    const metricsOf = (server: string) => load({ yaml: `server: ${server}\n${rest}` }).server.metrics;
    expect(metricsOf('{}')).toBeUndefined();
    expect(metricsOf('{ metrics: {} }')).toEqual({ host: '127.0.0.1', port: 9464 });
    // Metrics say nothing of anybody, so other machines may read them where the operator says so.
    expect(metricsOf('{ port: 0, metrics: { host: 0.0.0.0, port: 0 } }')).toEqual({ host: '0.0.0.0', port: 0 });
  });

  test('in what is copied to the catalog', () => {
    const yaml = `
server:
  auth: { mode: header, header: x-user }
  catalog: { keep: [title, email], postgres: mysql://db/x, sweepMinute: 5 }
sources:
  - { id: own, provider: agno, url: "http://localhost:1", user: viewer, catalog: true }
  - { id: callers, provider: agno, url: "http://localhost:1", auth: { forward: x-token }, catalog: true }
  - { id: one, provider: agno, url: "http://localhost:1", user: { constant: ada }, catalog: true }
  - { id: all, provider: agno, url: "http://localhost:1", catalog: true }
`;
    expect(complaints({ yaml })).toMatchInlineSnapshot(`
      "session-graph.yaml:3  server.auth.secretHeader  is required
      session-graph.yaml:3  server.auth.secret  is required
      session-graph.yaml:4  server.catalog.postgres  must be a URL such as postgres://user:password@host/database
      session-graph.yaml:4  server.catalog.keep[1]  must be title, preview, user or tags
      session-graph.yaml:4  server.catalog.sweepMinute  is not a setting; did you mean "sweepMinutes"?
      session-graph.yaml:6  sources[0].catalog  must be false with { user: viewer }: what one viewer may read is not copied for all
      session-graph.yaml:7  sources[1].catalog  must be false with auth.forward: what one caller may read is not copied for all"
    `);
  });

  test('in tokens', () => {
    const source = 'sources: [{ id: a, provider: agno, url: "http://localhost:1", auth: { forward: X-Proxy } }]';
    const auth = (text: string) => complaints({ yaml: `server:\n  auth: ${text}\n${source}` });
    expect(auth('{ mode: jwt, issuer: i, algorithms: [RS256, none] }')).toMatchInlineSnapshot(`
      "session-graph.yaml:2  server.auth.algorithms[1]  must be HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA
      session-graph.yaml:2  server.auth.audience  is required
      session-graph.yaml:2  server.auth  must have exactly one of jwks, secret and publicKey"
    `);
    expect(
      auth(`{ mode: jwt, issuer: i, audience: a, algorithms: [RS256, HS256], secret: "${'s'.repeat(32)}" }`),
    ).toMatchInlineSnapshot(
      `"session-graph.yaml:2  server.auth.algorithms  must be HS256, HS384 or HS512 with a secret"`,
    );
    expect(
      auth('{ mode: jwt, issuer: i, audience: a, algorithms: [HS256], jwks: "http://issuer.example/keys" }'),
    ).toMatchInlineSnapshot(`
      "session-graph.yaml:2  server.auth.algorithms  must not be HS256, HS384 or HS512 without a secret
      session-graph.yaml:2  server.auth.jwks  must be https: otherwise the keys could be replaced in transit"
    `);
    expect(auth('{ mode: jwt, issuer: i, audience: a, algorithms: [RS256], publicKey: x }')).toMatchInlineSnapshot(
      `"session-graph.yaml:2  server.auth.publicKey  must be a public key in PEM"`,
    );
    expect(auth('{ mode: header, header: x-proxy, secretHeader: X-PROXY, secret: short }')).toMatchInlineSnapshot(
      `
      "session-graph.yaml:2  server.auth.secret  must have at least 32 characters
      session-graph.yaml:2  server.auth.secretHeader  must not be the same header as server.auth.header
      session-graph.yaml:3  sources[0].auth.forward  must not be the header in server.auth.secretHeader"
    `,
    );
    expect(auth('{ mode: basic }')).toMatchInlineSnapshot(
      `"session-graph.yaml:2  server.auth.mode  must be none, jwt or header"`,
    );
  });

  test('in whom a source is asked as', () => {
    const source =
      'sources: [{ id: a, provider: agno, url: "http://localhost:1", user: viewer }, { id: b, provider: agentscope, url: "http://localhost:1", user: { constant: anna } }]';
    const expected =
      'sources[0].user  needs a viewer, but server.auth is { mode: none }: set server.auth to jwt or header, or set { constant: <user id> } here';
    expect(complaints({ yaml: source })).toBe(`session-graph.yaml:1  ${expected}`);
    expect(complaints({ yaml: `server: { auth: { mode: none } }\n${source}` })).toBe(
      `session-graph.yaml:2  ${expected}`,
    );
    const auth = `{ mode: header, header: x-viewer, secretHeader: x-secret, secret: ${'s'.repeat(32)} }`;
    expect(complaints({ yaml: `server: { auth: ${auth} }\n${source}` })).toBe('nothing');
    expect(complaints({ yaml: `server: { auth: { mode: basic } }\n${source}` })).not.toContain('sources');
  });

  test('in the YAML itself', () => {
    expect(complaints({ yaml: 'server: { port: 1\nsources: []\nsources: []\n' })).toMatchInlineSnapshot(`
      "session-graph.yaml:2  Flow map in block collection must be sufficiently indented and end with a }
      session-graph.yaml:3  Map keys must be unique"
    `);
    expect(complaints({ yaml: 'server: *nobody' })).toMatchInlineSnapshot(
      `"session-graph.yaml:1  A YAML alias (*name) cannot be resolved."`,
    );
    expect(complaints({ yaml: '' })).toMatchInlineSnapshot(`"session-graph.yaml:1  sources  is required"`);
    expect(complaints({ yaml: '- a\n- b' })).toMatchInlineSnapshot(`"session-graph.yaml:1  must be a mapping"`);
  });

  test('in the address of Redis', () => {
    const withRedis = (url: string) => ({
      yaml: `server: { sharing: { redis: "\${R}" } }\nsources: [{ id: a, provider: agno, url: "http://localhost:1" }]`,
      environment: { R: url },
    });
    const bad = [
      'http://r.example',
      'redis:/r.example',
      'r.example:6379',
      'redis://r.example/a',
      'redis://r.example?password=x',
      'redis://:100%@r.example',
      '/run/redis.sock',
    ];
    expect(bad.map((url) => complaints(withRedis(url)))).toMatchInlineSnapshot(`
      [
        "session-graph.yaml:1  server.sharing.redis  must be a redis or rediss URL",
        "session-graph.yaml:1  server.sharing.redis  must be a redis or rediss URL",
        "session-graph.yaml:1  server.sharing.redis  must be a redis or rediss URL",
        "session-graph.yaml:1  server.sharing.redis  must have no path but the number of a database",
        "session-graph.yaml:1  server.sharing.redis  must not have a query or a fragment",
        "session-graph.yaml:1  server.sharing.redis  must have a password whose special characters are percent-encoded",
        "session-graph.yaml:1  server.sharing.redis  must be a redis or rediss URL",
      ]
    `);
    for (const good of ['redis://r.example', 'rediss://u:p%2F@r.example:6380/3', 'redis://[::1]:6379/']) {
      expect(load(withRedis(good)).server.sharing.redis).toBe(good);
    }
    const ofOne =
      'sources: [{ id: a, provider: agno, url: "http://localhost:1", sharing: { redis: "redis://r.example" } }]';
    expect(complaints({ yaml: ofOne })).toMatchInlineSnapshot(
      `"session-graph.yaml:1  sources[0].sharing.redis  is not a setting here; the settings are directoryMs, enabled, sessionsMs, staleMs"`,
    );
  });

  test('and never quotes what may be secret', () => {
    const secret = 'swordfish';
    const yaml = `
server: { auth: { mode: header, header: a, secretHeader: b, secret: "\${S}" }, cors: { origins: ["\${S}"] }, sharing: { redis: "\${S}" } }
sources:
  - { id: a, provider: agno, url: "\${S}", auth: { bearer: "\${S} " }, user: "\${S}" }
  - { id: b, provider: foundry, url: "https://\${S}:\${S}@x.example", auth: { oauth2: { tokenUrl: "\${S}" } }, features: "\${S}é" }
`;
    const told = complaints({ yaml, environment: { S: secret } });
    expect(told.split('\n').length).toBeGreaterThan(7);
    expect(told).not.toContain(secret);
  });
});

describe('trusted documents', () => {
  const yaml =
    'server: { trustedDocuments: docs.json }\nsources: [{ id: a, provider: agno, url: "http://localhost:1" }]';

  test('are read from beside the configuration', () => {
    const { trustedDocuments } = load({ yaml, beside: { 'docs.json': '{"one":"{ sources { id } }"}' } }).server;
    expect(trustedDocuments).toEqual(new Map([['one', '{ sources { id } }']]));
  });

  test('must be a mapping', () => {
    expect(complaints({ yaml, beside: { 'docs.json': '["{ sources { id } }"]' } })).toMatchInlineSnapshot(
      `"session-graph.yaml:1  server.trustedDocuments  must be a JSON file that maps ids to queries, or an operation manifest of Apollo"`,
    );
    expect(complaints({ yaml, beside: { 'docs.json': '{' } })).toMatchInlineSnapshot(
      `"session-graph.yaml:1  server.trustedDocuments  must be a JSON file that maps ids to queries, or an operation manifest of Apollo"`,
    );
  });
});
