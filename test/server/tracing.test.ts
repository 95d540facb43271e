import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createGate } from '../http/gate.ts';
import { sendJson, sendStatus, startServer } from '../http/server.ts';
import { nowhere, open } from './ask.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();

beforeEach(() => exporter.reset());
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
});

/** A platform with one empty list, and what it was sent. */
async function startEverruns(answer: (count: number) => number | Promise<number> = () => 200) {
  const traceparents: (string | undefined)[] = [];
  const baggage: (string | undefined)[] = [];
  const server = await startServer(async (request, response) => {
    traceparents.push(request.headers.traceparent as string | undefined);
    baggage.push(request.headers.baggage as string | undefined);
    const status = await answer(traceparents.length);
    if (status === 200) sendJson(response, { data: [], total: 0, offset: 0, limit: 20 });
    else sendStatus(response, status);
  });
  const source = { id: 'runs', provider: 'everruns', url: `${server.url}/api` };
  return { server, source, traceparents, baggage };
}

const query = 'query Inbox { sessions(first: 5) { nodes { id } } }';
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';

/** A span as a reader sees it: its name, its parent's name, and what it says. */
function seen(spans: readonly ReadableSpan[]) {
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]));
  return spans.map((span) => ({
    name: span.name,
    parent: names.get(span.parentSpanContext?.spanId ?? '') ?? span.parentSpanContext?.spanId ?? null,
    kind: span.kind,
    status: span.status.code,
    attributes: span.attributes,
  }));
}

test('one trace leads from the caller through the operation and its read to the platform', async () => {
  const { source, traceparents, baggage, server } = await startEverruns();
  const { ask } = open({ sources: [source] });
  const headers = {
    traceparent: `00-${traceId}-${parentId}-01`,
    baggage: 'tenant=contoso',
    'x-request-id': 'request-7',
  };
  await ask({ query }, headers);
  const spans = exporter.getFinishedSpans();
  expect(spans.map((span) => span.spanContext().traceId)).toEqual([traceId, traceId, traceId]);
  expect(seen(spans)).toEqual([
    {
      name: 'GET',
      parent: 'read sessions',
      kind: SpanKind.CLIENT,
      status: SpanStatusCode.UNSET,
      attributes: {
        'http.request.method': 'GET',
        'http.response.body.size': 43,
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(server.url).port),
        'session_graph.request.waited_ms': expect.any(Number),
        'session_graph.source': 'runs',
        'url.path': '/api/v1/sessions',
      },
    },
    {
      name: 'read sessions',
      parent: 'query',
      kind: SpanKind.INTERNAL,
      status: SpanStatusCode.UNSET,
      attributes: {
        'session_graph.read.kind': 'sessions',
        'session_graph.read.origin': 'asked',
        'session_graph.read.rows': 0,
        'session_graph.source': 'runs',
      },
    },
    {
      name: 'query',
      parent: parentId,
      kind: SpanKind.SERVER,
      status: SpanStatusCode.UNSET,
      attributes: {
        'graphql.operation.name': 'Inbox',
        'graphql.operation.type': 'query',
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'session_graph.cost': 15,
        'session_graph.request_id': 'request-7',
        'url.path': '/graphql',
      },
    },
  ]);
  expect(traceparents).toEqual([`00-${traceId}-${spans[0]?.spanContext().spanId}-01`]);
  // What a gateway tells its own services is not for the platforms.
  expect(baggage).toEqual([undefined]);
});

test('each attempt has a span of its own, and failures say what they are', async () => {
  const { source, traceparents } = await startEverruns((count) => (count < 3 ? 503 : 200));
  await open({ sources: [source] }).ask({ query });
  const spans = exporter.getFinishedSpans();
  const requests = spans.filter(({ name }) => name === 'GET');
  expect(
    requests.map(({ attributes, status }) => [
      attributes['http.request.resend_count'],
      attributes['http.response.status_code'],
      attributes['error.type'],
      status.code,
    ]),
  ).toEqual([
    [undefined, 503, '503', SpanStatusCode.ERROR],
    [1, 503, '503', SpanStatusCode.ERROR],
    [2, 200, undefined, SpanStatusCode.UNSET],
  ]);
  expect(new Set(traceparents).size).toBe(3);
});

test('an operation that fails has the code of its error, and is a trace of its own without a caller', async () => {
  await open({ sources: [nowhere] }).ask({ query });
  const operation = exporter.getFinishedSpans().find(({ name }) => name === 'query');
  expect(operation?.parentSpanContext).toBeUndefined();
  expect(operation?.status.code).toBe(SpanStatusCode.ERROR);
  expect(operation?.attributes['error.type']).toBe('UPSTREAM_UNAVAILABLE');
});

test('a query that cannot be executed has a span too', async () => {
  await open().ask({ query: '{ nothing }' });
  expect(seen(exporter.getFinishedSpans())).toMatchObject([
    { name: 'graphql', attributes: { 'error.type': 'GRAPHQL_VALIDATION_FAILED' } },
  ]);
});

test('inside a span of the same process the operation is below it', async () => {
  const { source } = await startEverruns();
  const { ask } = open({ sources: [source] });
  await trace.getTracer('http').startActiveSpan('POST /graphql', async (span) => {
    await ask({ query });
    span.end();
  });
  const operation = seen(exporter.getFinishedSpans()).find(({ name }) => name === 'query');
  expect(operation).toMatchObject({ parent: 'POST /graphql', kind: SpanKind.INTERNAL });
});

test('a read that two operations share has its request in the trace of the one that sent it', async () => {
  const gate = createGate();
  const { source, traceparents, server } = await startEverruns(async () => {
    await gate.opened;
    return 200;
  });
  const { ask } = open({ sources: [source] });
  // One that asked for the very same page would wait for that instead of joining the read.
  const answers = [ask({ query }), ask({ query: query.replace('{', '{ __typename') })];
  await server.arrived(1);
  gate.open();
  await Promise.all(answers);
  expect(traceparents).toHaveLength(1);
  const spans = exporter.getFinishedSpans();
  const origins = spans.flatMap(({ attributes }) => attributes['session_graph.read.origin'] ?? []);
  expect([...origins].sort()).toEqual(['asked', 'joined']);
  expect(spans.filter(({ name }) => name === 'query')).toHaveLength(2);
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(2);
});

test('the span of a caller who hangs up ends', async () => {
  const gate = createGate();
  onTestFinished(() => gate.open());
  const { source, server } = await startEverruns(async () => {
    await gate.opened;
    return 200;
  });
  const { send } = open({ sources: [source] });
  const hangUp = new AbortController();
  const sending = send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: hangUp.signal,
  }).catch(() => null);
  await server.arrived(1);
  hangUp.abort();
  await sending;
  await expect
    .poll(() =>
      exporter
        .getFinishedSpans()
        .map(({ name }) => name)
        .sort(),
    )
    .toEqual(['GET', 'query', 'read sessions']);
});

test('the span of a read that is given up ends with the operation', async () => {
  const gate = createGate();
  const { source } = await startEverruns(async () => {
    await gate.opened;
    return 200;
  });
  await open({ sources: [{ ...source, limits: { listShareMs: 50 } }] }).ask({ query });
  expect(seen(exporter.getFinishedSpans()).map(({ name, parent }) => [name, parent])).toEqual([
    ['read sessions', 'query'],
    ['query', null],
  ]);
  gate.open();
  await expect.poll(() => exporter.getFinishedSpans().map(({ name }) => name)).toContain('GET');
});

test('a document that is not trusted, and one that costs too much, have spans', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trusted-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const trustedDocuments = join(folder, 'documents.json');
  await writeFile(trustedDocuments, JSON.stringify({ known: '{ __typename }' }));
  await open({ server: { trustedDocuments } }).ask({ documentId: 'unknown' });
  await open({ server: { limits: { query: { cost: 5 } } } }).ask({ query });
  expect(seen(exporter.getFinishedSpans())).toMatchObject([
    { name: 'graphql', attributes: { 'error.type': 'DOCUMENT_NOT_TRUSTED' } },
    {
      name: 'query',
      attributes: {
        'graphql.operation.name': 'Inbox',
        'graphql.operation.type': 'query',
        'error.type': 'QUERY_TOO_COMPLEX',
        'session_graph.cost': 15,
      },
    },
  ]);
});

test('a secret that is part of an address is in no span', async () => {
  const { source, traceparents } = await startEverruns();
  const secret = { ...source, url: `${source.url}/swordfish`, auth: { bearer: 'swordfish' } };
  await open({ sources: [secret] }).ask({ query });
  expect(traceparents).toHaveLength(1);
  const paths = exporter.getFinishedSpans().map(({ attributes }) => attributes['url.path']);
  expect(paths).toEqual(['/api/[secret]/v1/sessions', undefined, '/graphql']);
});
