import type { ReadKind } from '../domain/read-kind.ts';
import type { SourceReading } from '../domain/source-reading.ts';
import type { PageStatus, ReadOrigin } from '../observation/observer.ts';
import { createInstruments } from './instruments.ts';
import { type Metrics, operationResults, type Reading } from './metrics.ts';
import { requestResults, toRequestResult } from './request-result.ts';

const kinds: readonly ReadKind[] = ['sessions', 'directory'];
const origins: readonly ReadOrigin[] = ['asked', 'joined', 'kept', 'replica', 'stale'];
const pageStatuses: readonly PageStatus[] = ['COMPLETE', 'PARTIAL', 'STALE', 'FAILED', 'UNSUPPORTED'];
const healthStates: readonly SourceReading['health']['state'][] = ['UP', 'DEGRADED', 'DOWN'];

/** Loads prom-client, so only a process that has metrics imports this. */
export function createMetrics(version: string): Metrics {
  const { registry, ...instruments } = createInstruments(version);
  const watched = new Set<() => Reading>();
  const known = new Set<string>();

  for (const result of operationResults) instruments.operations.inc({ operation: '', result }, 0);

  /** A series that begins at 1 hides its first event from whoever asks for the increase. */
  function begin(source: string): void {
    if (known.has(source)) return;
    known.add(source);
    for (const kind of kinds) {
      for (const result of requestResults) instruments.requests.inc({ source, kind, result }, 0);
      for (const origin of origins) instruments.reads.inc({ source, kind, origin }, 0);
      instruments.requestSeconds.zero({ source, kind });
    }
    for (const status of pageStatuses) instruments.pages.inc({ source, status }, 0);
    instruments.waitSeconds.zero({ source });
    instruments.scanned.inc({ source }, 0);
    instruments.delivered.inc({ source }, 0);
    instruments.breakerOpenings.inc({ source }, 0);
  }

  function show({ sourceId: source, health, ...reading }: SourceReading): void {
    for (const state of healthStates) instruments.health.set({ source, state }, health.state === state ? 1 : 0);
    instruments.inFlight.inc({ source }, reading.requestsInFlight);
    instruments.queued.inc({ source }, reading.requestsQueued);
    instruments.openBreakers.inc({ source }, reading.openBreakers);
  }

  /** While one configuration follows another, both have requests under way. */
  function refresh(): void {
    const { health, inFlight, queued, openBreakers, keptBytes, subscriptions, webSockets } = instruments;
    for (const gauge of [health, inFlight, queued, openBreakers, keptBytes, subscriptions, webSockets]) gauge.reset();
    for (const read of watched) {
      const reading = read();
      for (const source of reading.sources) show(source);
      keptBytes.inc(reading.keptBytes);
      subscriptions.inc(reading.subscriptions);
      webSockets.inc(reading.webSockets);
    }
  }

  return {
    operation({ documentId, result, milliseconds }) {
      const operation = documentId ?? '';
      instruments.operations.inc({ operation, result });
      if (result !== 'refused') instruments.operationSeconds.observe({ operation }, milliseconds / 1000);
    },
    page({ sourceId: source, plan, status, scanned, delivered }) {
      if (plan === null) return;
      instruments.pages.inc({ source, status });
      instruments.scanned.inc({ source }, scanned);
      instruments.delivered.inc({ source }, delivered);
    },
    event: () => instruments.events.inc(),
    read: ({ target: { sourceId: source, kind }, origin }) => instruments.reads.inc({ source, kind, origin }),
    request(request) {
      const { target, startedAt, endedAt, waitedMs } = request;
      const { sourceId: source, kind } = target;
      instruments.requests.inc({ source, kind, result: toRequestResult(request) });
      instruments.requestSeconds.observe({ source, kind }, ((endedAt ?? startedAt) - startedAt) / 1000);
      instruments.waitSeconds.observe({ source }, waitedMs / 1000);
    },
    breakerOpened: (source) => instruments.breakerOpenings.inc({ source }),
    watch(read) {
      for (const { sourceId } of read().sources) begin(sourceId);
      watched.add(read);
      return () => void watched.delete(read);
    },
    print() {
      refresh();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
