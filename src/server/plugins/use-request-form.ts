import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { type ErrorResponse, toErrorResponse } from '../error-response.ts';
import { readBody } from '../read-body.ts';
import { badRequest } from '../request-error.ts';

/**
 * Lets only such requests in as a page of another origin cannot send without asking first, and parses those whose parser in
 * Yoga answers a malformed one by a 500.
 */
export function useRequestForm(maxBodyBytes: number): Plugin {
  return {
    onRequestParse({ request, fetchAPI, endResponse, setRequestParser }) {
      const error = errorResponseTo(request);
      if (error !== null) endResponse(toErrorResponse(error, fetchAPI.Response));
      else setRequestParser(request.method === 'GET' ? readQueryString : (body) => readParams(body, maxBodyBytes));
    },
  };
}

const preflightHeaders = ['x-graphql-csrf', 'apollo-require-preflight'] as const;

function errorResponseTo(request: Request): ErrorResponse | null {
  const isJson = /^application\/(graphql\+)?json\s*(;|$)/.test(request.headers.get('content-type') ?? '');
  if (request.method === 'POST' && !isJson) {
    return {
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'A POST request must have the content type application/json.',
    };
  }
  const isAskedFor = isJson || preflightHeaders.some((name) => (request.headers.get(name) ?? '') !== '');
  if (request.method === 'GET' && !isAskedFor) {
    const message = `A GET request must have the header ${preflightHeaders.join(' or ')}, with any value.`;
    return { status: 400, code: 'CSRF_PREVENTED', message };
  }
  return null;
}

function readQueryString(request: Request): GraphQLParams {
  const { searchParams } = new URL(request.url);
  const text = (name: string) => searchParams.get(name) ?? undefined;
  return toParams({
    query: text('query'),
    operationName: text('operationName'),
    documentId: text('documentId'),
    variables: readJson(text('variables')),
    extensions: readJson(text('extensions')),
  });
}

function toParams(values: Readonly<Record<string, unknown>>): GraphQLParams {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The parameters variables and extensions must be JSON.');
  }
}

/** Yoga's own parser answers a body that is no JSON by 200, as if the query were at fault, to those who accept application/json. */
async function readParams(request: Request, maxBodyBytes: number): Promise<GraphQLParams> {
  const reading = readBody(request, maxBodyBytes).then((text): unknown => JSON.parse(text));
  const body = await reading.catch((error: unknown) => {
    throw error instanceof GraphQLError ? error : badRequest('POST body sent invalid JSON.');
  });
  if (typeof body !== 'object' || body === null) {
    throw badRequest(`POST body is expected to be object but received ${body === null ? 'null' : typeof body}`);
  }
  return body;
}
