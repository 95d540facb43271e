import { buildSchema, GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { RequestError, UpstreamError } from '../../src/domain/errors.ts';
import { open } from './ask.ts';

const upstreamCause = new Error('GET https://platform.example/sessions?key=k1 failed, Bearer tok-1');

/** A schema whose fields go wrong in every way there is. */
function schemaThatFails() {
  const schema = buildSchema(
    'type Query { fine: Int bug: Int bad: Int wrong: Int mine: Int theirs: Int named(a: Int): Int }',
  );
  const resolvers: Readonly<Record<string, () => unknown>> = {
    fine: () => 1,
    bug: () => {
      throw new TypeError('cannot read swordfish of http://10.0.0.7:81/internal', {
        cause: new Error('swordfish again'),
      });
    },
    bad: () => 'row of somebody',
    wrong: () => {
      throw new GraphQLError('a library says swordfish');
    },
    mine: () => {
      throw new RequestError('BAD_CURSOR', 'That is no cursor.');
    },
    theirs: async () => {
      throw new UpstreamError('agno-prod', 'UPSTREAM_TIMEOUT', { cause: upstreamCause });
    },
  };
  const fields = schema.getQueryType()?.getFields() ?? {};
  for (const [name, resolve] of Object.entries(resolvers)) Object.assign(fields[name] ?? {}, { resolve });
  return schema;
}

const requestId = { 'x-request-id': 'request-7' };

test('shows clients what was thrown for them, and of everything else only that it happened', async () => {
  const { ask } = open({}, { schema: schemaThatFails() });
  const answer = await ask({ query: '{ fine bug bad wrong mine theirs }' }, requestId);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchInlineSnapshot(`
    {
      "data": {
        "bad": null,
        "bug": null,
        "fine": 1,
        "mine": null,
        "theirs": null,
        "wrong": null,
      },
      "errors": [
        {
          "extensions": {
            "code": "INTERNAL_SERVER_ERROR",
            "requestId": "request-7",
          },
          "locations": [
            {
              "column": 8,
              "line": 1,
            },
          ],
          "message": "Internal server error",
          "path": [
            "bug",
          ],
        },
        {
          "extensions": {
            "code": "INTERNAL_SERVER_ERROR",
            "requestId": "request-7",
          },
          "locations": [
            {
              "column": 12,
              "line": 1,
            },
          ],
          "message": "Internal server error",
          "path": [
            "bad",
          ],
        },
        {
          "extensions": {
            "code": "INTERNAL_SERVER_ERROR",
            "requestId": "request-7",
          },
          "locations": [
            {
              "column": 16,
              "line": 1,
            },
          ],
          "message": "Internal server error",
          "path": [
            "wrong",
          ],
        },
        {
          "extensions": {
            "code": "BAD_CURSOR",
          },
          "locations": [
            {
              "column": 22,
              "line": 1,
            },
          ],
          "message": "That is no cursor.",
          "path": [
            "mine",
          ],
        },
        {
          "extensions": {
            "code": "UPSTREAM_TIMEOUT",
            "retryable": true,
            "source": "agno-prod",
          },
          "locations": [
            {
              "column": 27,
              "line": 1,
            },
          ],
          "message": "Source "agno-prod" did not answer in time.",
          "path": [
            "theirs",
          ],
        },
      ],
    }
  `);
});

test('logs the causes with the id of the request, without addresses and credentials', async () => {
  const { ask, logged } = open(
    { sources: [{ id: 'a', provider: 'everruns', url: 'http://127.0.0.1:9', auth: { bearer: 'swordfish' } }] },
    { schema: schemaThatFails() },
  );
  await ask({ query: 'query Failing { bug theirs }' }, requestId);
  const lines = logged().map((line) => JSON.parse(line));
  expect(lines.map(({ msg, requestId: id }) => [msg, id])).toEqual([
    ['failure', 'request-7'],
    ['upstream', 'request-7'],
    ['operation', 'request-7'],
  ]);
  expect(lines[0].error.message).toBe('cannot read [secret] of [url]');
  expect(lines[0].error.cause.message).toBe('[secret] again');
  expect(lines[0].error.stack).toContain('errors.test.ts');
  expect(lines[1]).toMatchObject({
    sourceId: 'agno-prod',
    code: 'UPSTREAM_TIMEOUT',
    cause: { message: 'GET [url] failed, Bearer [secret]' },
  });
  expect(lines[2]).toMatchObject({ name: 'Failing', errorCodes: ['INTERNAL_SERVER_ERROR', 'UPSTREAM_TIMEOUT'] });
  expect(logged().join('')).not.toMatch(/swordfish|10\.0\.0\.7|platform\.example|tok-1|k1/);
});

test('keeps what GraphQL says of the query and its variables', async () => {
  const { ask } = open({}, { schema: schemaThatFails() });
  const messages = async (body: unknown) => (await ask(body)).json;
  expect(await messages({ query: '{ fin }' })).toMatchInlineSnapshot(`
    {
      "errors": [
        {
          "extensions": {
            "code": "GRAPHQL_VALIDATION_FAILED",
          },
          "locations": [
            {
              "column": 3,
              "line": 1,
            },
          ],
          "message": "Cannot query field "fin" on type "Query". Did you mean "fine" or "mine"?",
        },
      ],
    }
  `);
  expect(await messages({ query: '{ fine' })).toMatchInlineSnapshot(`
    {
      "errors": [
        {
          "extensions": {
            "code": "GRAPHQL_PARSE_FAILED",
          },
          "locations": [
            {
              "column": 7,
              "line": 1,
            },
          ],
          "message": "Syntax Error: Expected Name, found <EOF>.",
        },
      ],
    }
  `);
  expect(await messages({ query: 'query ($a: Int!) { named(a: $a) }', variables: { a: 'x' } })).toMatchInlineSnapshot(`
    {
      "errors": [
        {
          "extensions": {
            "code": "BAD_USER_INPUT",
          },
          "locations": [
            {
              "column": 8,
              "line": 1,
            },
          ],
          "message": "Variable "$a" got invalid value "x"; Int cannot represent non-integer value: "x"",
        },
      ],
    }
  `);
  expect(await messages({ query: '{ fine }', operationName: 'Other' })).toMatchInlineSnapshot(`
    {
      "errors": [
        {
          "extensions": {
            "code": "OPERATION_RESOLUTION_FAILURE",
          },
          "message": "Could not determine what operation to execute.",
        },
      ],
    }
  `);
});

test('suggests no names in production', async () => {
  const { ask } = open({ server: { production: true } }, { schema: schemaThatFails() });
  expect((await ask({ query: '{ fin }' })).json).toMatchObject({
    errors: [{ message: 'Cannot query field "fin" on type "Query".' }],
  });
});

test('answers what fails before anything is executed in the same words', async () => {
  const failing = {
    create: () => {
      throw new Error('swordfish');
    },
    health: () => [],
    readings: () => [],
    keptBytes: () => 0,
    tryOut: () => [],
    followed: () => [],
    close: async () => undefined,
  };
  const { ask, logged } = open({}, { schema: schemaThatFails(), contexts: failing });
  const answer = await ask({ query: '{ fine }' }, requestId);
  expect([answer.status, answer.json]).toEqual([
    500,
    {
      errors: [
        { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-7' } },
      ],
    },
  ]);
  expect(logged().join('')).toContain('swordfish');
});

test('takes an id of the request only when it can be logged as it is', async () => {
  const { ask } = open({}, { schema: schemaThatFails() });
  const idFor = async (id: string) =>
    (await ask({ query: '{ fine }' }, { 'x-request-id': id })).headers.get('x-request-id');
  expect(await idFor('Az0._-')).toBe('Az0._-');
  expect(await idFor('a'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idFor('a b')).toMatch(/^[0-9a-f-]{36}$/);
});
