import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the process measures about itself whose names break the conventions of Prometheus, or repeat another. */
const unwanted = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** Every metric, as docs/operations/metrics.md lists them. */
export function createInstruments(version: string) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of unwanted) registry.removeSingleMetric(name);
  new Gauge({
    name: 'session_graph_build_info',
    help: 'Always 1; the label has the version of the server.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  return {
    registry,
    operations: new Counter({
      name: 'session_graph_operations_total',
      help: 'GraphQL requests that were answered or abandoned.',
      labelNames: ['operation', 'result'],
      registers,
    }),
    operationSeconds: new Histogram({
      name: 'session_graph_operation_duration_seconds',
      help: 'Time from a GraphQL request to its answer, without those that were refused.',
      labelNames: ['operation'],
      buckets: seconds,
      registers,
    }),
    subscriptions: new Gauge({
      name: 'session_graph_subscriptions',
      help: 'Subscriptions under way.',
      registers,
    }),
    webSockets: new Gauge({
      name: 'session_graph_web_sockets',
      help: 'WebSockets that are open.',
      registers,
    }),
    events: new Counter({
      name: 'session_graph_subscription_events_total',
      help: 'Events that were answered to subscriptions.',
      registers,
    }),
    pages: new Counter({
      name: 'session_graph_pages_total',
      help: 'Pages of lists for which the source was asked.',
      labelNames: ['source', 'status'],
      registers,
    }),
    scanned: new Counter({
      name: 'session_graph_rows_scanned_total',
      help: 'Rows that the platform sent for pages of lists.',
      labelNames: ['source'],
      registers,
    }),
    delivered: new Counter({
      name: 'session_graph_rows_delivered_total',
      help: 'Rows of the source on pages of lists.',
      labelNames: ['source'],
      registers,
    }),
    reads: new Counter({
      name: 'session_graph_reads_total',
      help: 'What operations read of the source, by where it came from.',
      labelNames: ['source', 'kind', 'origin'],
      registers,
    }),
    requests: new Counter({
      name: 'session_graph_upstream_requests_total',
      help: 'Requests to the platform that have ended, each retry for itself.',
      labelNames: ['source', 'kind', 'result'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'session_graph_upstream_request_duration_seconds',
      help: 'Time from sending a request to the end of its answer.',
      labelNames: ['source', 'kind'],
      buckets: seconds,
      registers,
    }),
    waitSeconds: new Histogram({
      name: 'session_graph_upstream_wait_seconds',
      help: 'Time that a request waited for its turn before it was sent.',
      labelNames: ['source'],
      buckets: seconds,
      registers,
    }),
    inFlight: new Gauge({
      name: 'session_graph_upstream_requests_in_flight',
      help: 'Requests to the platform under way.',
      labelNames: ['source'],
      registers,
    }),
    queued: new Gauge({
      name: 'session_graph_upstream_requests_queued',
      help: 'Requests that wait for their turn.',
      labelNames: ['source'],
      registers,
    }),
    breakerOpenings: new Counter({
      name: 'session_graph_breaker_openings_total',
      help: 'How often a circuit breaker of the source opened.',
      labelNames: ['source'],
      registers,
    }),
    openBreakers: new Gauge({
      name: 'session_graph_breakers_open',
      help: 'Circuit breakers of the source that refuse requests now.',
      labelNames: ['source'],
      registers,
    }),
    health: new Gauge({
      name: 'session_graph_source_health',
      help: '1 for the state that the source is in, 0 for the others.',
      labelNames: ['source', 'state'],
      registers,
    }),
    keptBytes: new Gauge({
      name: 'session_graph_kept_answers_bytes',
      help: 'Size of the answers of platforms, and of the pages made of them, that are kept to be used again.',
      registers,
    }),
  };
}
