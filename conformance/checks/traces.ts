import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Company } from '../../examples/company/company.ts';
import { compose } from '../../examples/federation/gateway.ts';
import { toConfig } from '../../src/config/load-config.ts';
import { createApp } from '../../src/server/app.ts';
import { type Check, must, mustEqual } from '../check.ts';
import { startApolloGateway } from './apollo-gateway.ts';

interface SeenPlatform {
  readonly url: string;
  /** The `traceparent` of each request that came. */
  readonly traceparents: readonly string[];
  close(): void;
}

/** A platform without sessions that remembers in whose trace it was asked. */
async function startPlatform(): Promise<SeenPlatform> {
  const traceparents: string[] = [];
  const server = createServer((request, response) => {
    traceparents.push(String(request.headers.traceparent));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: [], total: 0, offset: 0, limit: 20 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api`, traceparents, close: () => server.close() };
}

export function traceChecks(company: Company): readonly Check[] {
  return [
    {
      name: 'One trace leads from the gateway through this server to the platform',
      tools: ['@apollo/gateway', '@opentelemetry/sdk-trace-node'],
      run: () => oneTrace(company),
    },
  ];
}

async function oneTrace({ sessions }: Company): Promise<string> {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  const platform = await startPlatform();
  const app = createApp(
    toConfig({
      server: { port: 0, log: { level: 'silent' } },
      sources: [{ id: 'runs', provider: 'everruns', url: platform.url }],
    }),
  );
  try {
    const url = await app.listen();
    const gateway = await startApolloGateway(compose([{ name: 'sessions', url, sdl: sessions.sdl }]), (headers) =>
      propagation.inject(context.active(), headers, { set: (carrier, name, value) => carrier.set(name, value) }),
    );
    try {
      const answer = await gateway.ask('{ sessions(first: 5) { nodes { id } } }');
      mustEqual(answer, { data: { sessions: { nodes: [] } } }, 'the answer');
    } finally {
      await gateway.close();
    }
    const spans = exporter.getFinishedSpans();
    const traceIds = new Set(spans.map((span) => span.spanContext().traceId));
    mustEqual(traceIds.size, 1, 'the number of traces');
    const last = spans.find(({ name }) => name === 'GET');
    const { traceId, spanId } = last?.spanContext() ?? {};
    mustEqual(platform.traceparents, [`00-${traceId}-${spanId}-01`], 'the traceparent that the platform was sent');
    const path: string[] = [];
    for (let span = last; span !== undefined; ) {
      path.unshift(span.name);
      const parentId: string | undefined = span.parentSpanContext?.spanId;
      span = spans.find((each) => each.spanContext().spanId === parentId);
    }
    must(path.join(' > ').endsWith('gateway.fetch > query > read sessions > GET'), `The spans are ${path.join(' > ')}.`);
    return path.join(' > ');
  } finally {
    await app.close();
    platform.close();
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  }
}
