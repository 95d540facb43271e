import { z } from 'zod';
import type { UpstreamCode } from '../domain/errors.ts';
import { parseExactly } from './exact-numbers.ts';
import type { Reply, ReplyHeaders } from './exchange.ts';
import { firstHeader } from './first-header.ts';

export type JsonResult<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'failure'; readonly code: UpstreamCode; readonly cause: Error };

/** A successful response, as the schema reads it. Errors never quote the body, which may be personal data. */
export function readJson<Value>(reply: Reply, schema: z.ZodType<Value>): JsonResult<Value> {
  const encoding = firstHeader(reply.headers, 'content-encoding') ?? 'identity';
  if (encoding !== 'identity') return unreadable('The response is compressed, which was not requested.');
  if (!isJson(reply.headers)) return unreadable('The content type of the response is not JSON.');
  return readText(reply.text, schema);
}

/** The text of one, from wherever. */
export function readText<Value>(text: string, schema: z.ZodType<Value>): JsonResult<Value> {
  const parsed = parseJson(text);
  if (parsed === undefined) return unreadable(`The response of ${text.length} characters is not JSON.`);
  const result = parseExactly(text, parsed, compiled(schema));
  return result.success ? { kind: 'value', value: result.data } : unreadable(describe(result.error));
}

const compiledSchemas = new WeakMap<object, z.ZodType>();

/** As code of its own, which takes a fraction of the time and memory, and falls back to the schema for what does not fit. */
function compiled<Value>(schema: z.ZodType<Value>): z.ZodType<Value> {
  const known = compiledSchemas.get(schema) as z.ZodType<Value> | undefined;
  if (known !== undefined) return known;
  const made = z.compile(schema);
  compiledSchemas.set(schema, made);
  return made;
}

export function isJson(headers: ReplyHeaders): boolean {
  return /^application\/([^\s;]+\+)?json\s*(;|$)/i.test(firstHeader(headers, 'content-type') ?? '');
}

/** Undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(sentence: string): JsonResult<never> {
  return { kind: 'failure', code: 'UPSTREAM_BAD_RESPONSE', cause: new Error(sentence) };
}

function describe(error: z.ZodError): string {
  const issues = error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.code}`);
  return `The response has another shape: ${issues.join(', ')}`.slice(0, 200);
}
