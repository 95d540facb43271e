import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Journal } from '../observation/journal.ts';
import type { ReadRecord, ReadTarget, RequestObserver, RequestRecord } from '../observation/observer.ts';

/** Spans of operations, of what they read, and of the requests to platforms. */
export interface Tracing {
  begin(journal: Journal, request: Request): void;
  fail(journal: Journal, errorCodes: readonly string[]): void;
  follow(journal: Journal, request: RequestRecord): RequestObserver | null;
  end(journal: Journal, status: number): void;
}

export interface TracedSource {
  readonly id: string;
  readonly url: string;
}

interface OperationTrace {
  readonly span: Span;
  /** What spans below it are made in. */
  readonly inside: Context;
  readonly reads: Map<ReadTarget, Span>;
}

/**
 * Null when no SDK of OpenTelemetry is there to take spans: then nothing is done for them. It must be registered before the server
 * is made, as with `node --import`. `clean` is told every path of a platform, and takes out what nobody may see.
 */
export function createTracing(
  sources: readonly TracedSource[],
  version: string,
  clean: (path: string) => string,
): Tracing | null {
  const tracer = trace.getTracer('session-graph', version);
  if (!isSpanContextValid(tracer.startSpan('start', {}, ROOT_CONTEXT).spanContext())) return null;
  const addresses = new Map(sources.map(({ id, url }) => [id, addressOf(url)]));
  const traces = new WeakMap<Journal, OperationTrace>();

  function readSpanOf({ inside, reads }: OperationTrace, target: ReadTarget, startedAt: number): Span {
    const span = reads.get(target) ?? startReadSpan(tracer, target, startedAt, inside);
    reads.set(target, span);
    return span;
  }

  /** One that has not ended ends with its operation. */
  function endRead(operation: OperationTrace, read: ReadRecord, now: number): void {
    const { target, origin, startedAt, endedAt, rows, failure } = read;
    const span = readSpanOf(operation, target, startedAt);
    span.setAttribute('session_graph.read.origin', origin);
    if (rows !== null) span.setAttribute('session_graph.read.rows', rows);
    if (failure !== null) fail(span, failure);
    span.end(toTime(endedAt ?? now));
  }

  return {
    begin(journal, request) {
      // Instrumentation of HTTP, where there is any, has made a span of the request.
      const isInside = trace.getSpan(context.active()) !== undefined;
      const parent = isInside ? context.active() : propagation.extract(ROOT_CONTEXT, request.headers, headersReader);
      const attributes = {
        'http.request.method': request.method,
        'url.path': new URL(request.url).pathname,
        'session_graph.request_id': journal.requestId,
      };
      const kind = isInside ? SpanKind.INTERNAL : SpanKind.SERVER;
      const span = tracer.startSpan('graphql', { kind, startTime: toTime(journal.startedAt), attributes }, parent);
      traces.set(journal, { span, inside: trace.setSpan(ROOT_CONTEXT, span), reads: new Map() });
    },
    fail(journal, [first]) {
      const span = traces.get(journal)?.span;
      if (span !== undefined && first !== undefined) fail(span, first);
    },
    follow(journal, request) {
      const operation = traces.get(journal);
      if (operation === undefined) return null;
      const { target, attempt, startedAt, waitedMs } = request;
      const parent = trace.setSpan(ROOT_CONTEXT, readSpanOf(operation, target, startedAt - waitedMs));
      const attributes: Attributes = {
        'http.request.method': 'GET',
        'url.path': clean(pathOf(target)),
        ...addresses.get(target.sourceId),
        'session_graph.source': target.sourceId,
        'session_graph.request.waited_ms': waitedMs,
        ...(attempt === 1 ? {} : { 'http.request.resend_count': attempt - 1 }),
      };
      const span = tracer.startSpan('GET', { kind: SpanKind.CLIENT, startTime: toTime(startedAt), attributes }, parent);
      const headers: Record<string, string> = {};
      propagation.inject(trace.setSpan(ROOT_CONTEXT, span), headers);
      return { headers, ended: () => endRequest(span, request) };
    },
    end(journal, status) {
      const operation = traces.get(journal);
      if (operation === undefined) return;
      traces.delete(journal);
      const now = performance.now();
      for (const read of journal.reads) endRead(operation, read, now);
      describe(operation.span, journal);
      operation.span.setAttribute('http.response.status_code', status);
      operation.span.end(toTime(now));
    },
  };
}

function describe(span: Span, { operationType, operationName, cost }: Journal): void {
  if (operationType !== null) {
    span.updateName(operationType);
    span.setAttribute('graphql.operation.type', operationType);
  }
  if (operationName !== null) span.setAttribute('graphql.operation.name', operationName);
  if (cost !== null) span.setAttribute('session_graph.cost', cost);
}

function startReadSpan(tracer: Tracer, target: ReadTarget, startedAt: number, inside: Context): Span {
  const attributes = { 'session_graph.source': target.sourceId, 'session_graph.read.kind': target.kind };
  return tracer.startSpan(`read ${target.kind}`, { startTime: toTime(startedAt), attributes }, inside);
}

function endRequest(span: Span, { endedAt, status, failure, bytes }: RequestRecord): void {
  if (status !== null) span.setAttribute('http.response.status_code', status);
  if (bytes !== null) span.setAttribute('http.response.body.size', bytes);
  if (failure !== null) fail(span, failure);
  else if (status !== null && status >= 400) fail(span, String(status));
  span.end(toTime(endedAt ?? performance.now()));
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function toTime(performanceNow: number): number {
  return performance.timeOrigin + performanceNow;
}

/** Without parameters, whose values may name a person. */
function pathOf(target: ReadTarget): string {
  return target.path().split('?')[0] ?? '';
}

function addressOf(url: string): Attributes {
  const { protocol, hostname, port } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}

const headersReader = {
  get: (headers: Headers, name: string) => headers.get(name) ?? undefined,
  keys: (headers: Headers) => [...headers.keys()],
};
