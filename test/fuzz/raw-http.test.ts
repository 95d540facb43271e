import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../faults/front-door.ts';

// Nobody is there: what is asked here is refused before any platform would be.
const source = { id: 'nowhere', provider: 'everruns', url: 'http://127.0.0.1:9' };
const question = '{"query":"{ sources { slug } }"}';
const rightRequest = [
  'POST /graphql HTTP/1.1',
  'Host: 127.0.0.1',
  'Content-Type: application/json',
  'Accept: application/json',
  'X-Request-Id: fuzz',
  `Content-Length: ${question.length}`,
  '',
  question,
].join('\r\n');

let door: FrontDoor;

beforeAll(async () => {
  door = await openFrontDoor({ sources: [source] });
});

afterAll(() => door.close());

/** Sends these bytes and nothing more; answers whatever comes until the server closes. */
async function sendBytes(bytes: Buffer): Promise<string> {
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
  socket.end(bytes);
  try {
    return (await buffer(socket)).toString('latin1');
  } catch (error) {
    // To have the door shut in one's face is an answer too.
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return '';
    throw error;
  }
}

const cut = fc.record({
  at: fc.nat(rightRequest.length),
  length: fc.nat(30),
  bytes: fc.uint8Array({ maxLength: 30 }),
});

const damagedRequests = fc
  .array(cut, { minLength: 1, maxLength: 3 })
  .map((cuts) =>
    cuts.reduce<Buffer>(
      (whole, { at, length, bytes }) => Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + length)]),
      Buffer.from(rightRequest),
    ),
  );

const oddHeaders = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'Host',
        'Content-Type',
        'Accept',
        'Origin',
        'Authorization',
        'Cookie',
        'Expect',
        'Transfer-Encoding',
        'Content-Length',
        'Content-Encoding',
        'X-Request-Id',
        'Upgrade',
        'Connection',
      ),
      fc.string({ maxLength: 50 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((headers) => {
    const lines = headers.map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]/g, '')}`);
    return Buffer.from(rightRequest.replace('Accept: application/json', lines.join('\r\n')));
  });

test('the request that is damaged below is right', async () => {
  expect(await sendBytes(Buffer.from(rightRequest))).toMatch(/^HTTP\/1\.1 200 [\s\S]*"slug":"nowhere"/);
});

test('damaged HTTP requests are each answered below 500 or not at all, and the server goes on', async () => {
  const statuses = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.oneof(damagedRequests, oddHeaders), async (bytes) => {
      const answer = await sendBytes(bytes);
      const status = answer === '' ? 'none' : (/^HTTP\/1\.1 ([1-4]\d\d) /.exec(answer)?.[1] ?? answer.slice(0, 200));
      expect(status).toMatch(/^(none|\d\d\d)$/);
      for (const leak of ['node_modules', 'at Object.', 'INTERNAL_SERVER_ERROR']) expect(answer).not.toContain(leak);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }),
    { numRuns: Number(process.env.FUZZ_BYTES), seed: 20 },
  );
  // What is damaged reaches the server's own code as well as Node's parser.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining(['200', '400', '415']));
  expect((await door.ask('{ sources { slug } }')).data).toEqual({ sources: [{ slug: 'nowhere' }] });
});
