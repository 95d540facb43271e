import { expect, test } from 'vitest';
import { z } from 'zod';
import { startServer } from './server.ts';
import { createCall, startSource } from './source.ts';

async function read<Value>(body: string, schema: z.ZodType<Value>): Promise<Value> {
  const server = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  return startSource(server.url).open(createCall()).get('/', { schema });
}

test('keeps the digits of whole numbers in free-form JSON that a double cannot hold', async () => {
  const body = `{"free": {
    "id": 1234567890123456789, "negative": -9007199254740993, "list": [9007199254740992, 18446744073709551616],
    "safe": 9007199254740991, "small": 17, "fraction": 0.12500000000000000000, "power": 1e21, "half": 1234567890123456.5,
    "text": "see 1234567890123456789, or \\"1234567890123456789\\", or \\\\", "more": "[1234567890123456789]",
    "1234567890123456789": null
  }}`;
  expect(await read(body, z.object({ free: z.unknown() }))).toEqual({
    free: {
      id: '1234567890123456789',
      negative: '-9007199254740993',
      list: ['9007199254740992', '18446744073709551616'],
      safe: 9_007_199_254_740_991,
      small: 17,
      fraction: 0.125,
      power: 1e21,
      half: 1_234_567_890_123_456.5,
      text: 'see 1234567890123456789, or "1234567890123456789", or \\',
      more: '[1234567890123456789]',
      '1234567890123456789': null,
    },
  });
});

test('reads numbers as numbers where the schema says so, however large, and only those', async () => {
  const number = z.number().nullable().default(null);
  const schema = z.object({
    tokens: number,
    rows: z.array(z.object({ count: number, free: z.unknown() })),
    either: z.union([
      z.object({ kind: z.literal('a'), size: number, free: z.unknown() }),
      z.object({ other: z.number() }),
    ]),
  });
  const body = `{"tokens": 12345678901234567890,
    "rows": [{"count": 1, "free": 9007199254740993}, {"count": 9007199254740993, "free": {"id": 9007199254740993}}],
    "either": {"kind": "a", "size": 9007199254740993, "free": 9007199254740993}}`;
  expect(await read(body, schema)).toEqual({
    tokens: 12_345_678_901_234_567_000,
    rows: [
      { count: 1, free: '9007199254740993' },
      { count: 9_007_199_254_740_992, free: { id: '9007199254740993' } },
    ],
    either: { kind: 'a', size: 9_007_199_254_740_992, free: '9007199254740993' },
  });
  await expect(read('{"tokens": "12345678901234567890", "rows": [], "either": {}}', schema)).rejects.toMatchObject({
    code: 'UPSTREAM_BAD_RESPONSE',
  });
});

test('what is no JSON stays none', async () => {
  for (const body of [
    '{"a": 1234567890123456789',
    '{"a": 01234567890123456789}',
    '{"a": -}',
    '{"a: 1234567890123456789}',
  ]) {
    await expect(read(body, z.unknown())).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
  }
});

test('reads long texts full of digits and escapes', async () => {
  const digits = '1234567890123456789,'.repeat(100_000);
  const text = `${digits}\\"\\\\`;
  expect(await read(`{"text": "${text}", "id": 1234567890123456789}`, z.unknown())).toEqual({
    text: `${digits}"\\`,
    id: '1234567890123456789',
  });
});
