import { expect, test } from 'vitest';
import { open } from './ask.ts';

const query = '{ sources { slug } }';
const getPath = `/graphql?query=${encodeURIComponent(query)}`;
const data = { data: { sources: [{ slug: 'nowhere' }] } };

test('answers POSTs of JSON', async () => {
  const { ask } = open();
  expect((await ask({ query })).json).toEqual(data);
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/graphql',
  'text/plain; application/json',
])('refuses a POST of %s, which any page can send', async (type) => {
  const { send } = open();
  const answer = await send('/graphql', {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify({ query }),
  });
  expect([answer.status, answer.json]).toEqual([
    415,
    {
      errors: [
        {
          message: 'A POST request must have the content type application/json.',
          extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' },
        },
      ],
    },
  ]);
});

test('answers a GET only with a header that no page can send without asking', async () => {
  const { send } = open();
  expect(await send(getPath)).toMatchObject({
    status: 400,
    json: { errors: [{ extensions: { code: 'CSRF_PREVENTED' } }] },
  });
  for (const name of ['x-graphql-csrf', 'apollo-require-preflight']) {
    expect((await send(getPath, { headers: { [name]: '1' } })).json).toEqual(data);
  }
});

test('refuses what is malformed, and never by a 500', async () => {
  const { ask, send } = open();
  const of = async (body: unknown) => {
    const { status, json } = await ask(body);
    return [status, json];
  };
  expect([
    await of('{'),
    await of('null'),
    await of('7'),
    await of('{}'),
    await of([{ query }, { query }]),
    await of({ query: 7 }),
    await of({ query, variables: [1] }),
    await of({ query, operationName: 7 }),
    await of({ query, other: 1 }),
  ]).toMatchInlineSnapshot(`
    [
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "POST body sent invalid JSON.",
            },
          ],
        },
      ],
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "POST body is expected to be object but received null",
            },
          ],
        },
      ],
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "POST body is expected to be object but received number",
            },
          ],
        },
      ],
      [
        200,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "Must provide query string.",
            },
          ],
        },
      ],
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "Batching is not supported.",
            },
          ],
        },
      ],
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "Expected "query" param to be a string, but given number.",
            },
          ],
        },
      ],
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "Expected "variables" param to be empty or an object, but given array.",
            },
          ],
        },
      ],
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "OPERATION_RESOLUTION_FAILURE",
              },
              "message": "Could not determine what operation to execute.",
            },
          ],
        },
      ],
      [
        400,
        {
          "errors": [
            {
              "extensions": {
                "code": "BAD_REQUEST",
              },
              "message": "Unexpected parameter "other" in the request body.",
            },
          ],
        },
      ],
    ]
  `);
  const headers = { 'x-graphql-csrf': '1' };
  expect(await send(`${getPath}&variables={`, { headers })).toMatchObject({
    status: 400,
    json: { errors: [{ message: 'The parameters variables and extensions must be JSON.' }] },
  });
  expect((await send('/elsewhere')).status).toBe(404);
  expect((await send('/graphql', { method: 'DELETE' })).status).toBe(405);
  expect((await send('/graphql', { method: 'OPTIONS' })).status).toBe(405);
});

test('says to caches that its answers depend on the origin, where they do', async () => {
  const { send, ask } = open({ server: { cors: { origins: ['https://console.example'] } } });
  const preflight = { 'access-control-request-method': 'POST' };
  const varies = [
    await ask({ query: '{ __typename }' }),
    await ask({ query: '{ __typename }' }, { origin: 'https://console.example' }),
    await ask({ query: '{ __typename }' }, { origin: 'https://evil.example' }),
    await send('/graphql', { method: 'OPTIONS', headers: { ...preflight, origin: 'https://console.example' } }),
    await send('/graphql', { method: 'OPTIONS', headers: { ...preflight, origin: 'https://evil.example' } }),
    await send('/graphql', { method: 'OPTIONS' }),
    await send('/graphql'),
  ].map(
    ({ headers }) =>
      headers
        .get('vary')
        ?.split(/, */)
        .filter((name) => /^origin$/i.test(name)).length,
  );
  expect(varies).toEqual([1, 1, 1, 1, 1, 1, 1]);
  const closed = await open().ask({ query: '{ __typename }' }, { origin: 'https://console.example' });
  expect(closed.headers.get('vary')).toBeNull();
});

test('lets pages of the configured origins ask, and no others', async () => {
  const { send } = open({ server: { cors: { origins: ['https://console.example'] } } });
  const allowedFor = async (origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const answer = await send('/graphql', { method: 'OPTIONS', headers });
    return [answer.status, answer.headers.get('access-control-allow-origin')];
  };
  expect(await allowedFor('https://console.example')).toEqual([204, 'https://console.example']);
  expect(await allowedFor('https://evil.example')).toEqual([204, null]);
  expect(await allowedFor('null')).toEqual([204, null]);
});
