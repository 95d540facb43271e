import type { OperationContext, PagingLimits } from '../src/context.ts';
import { makeAnew } from '../src/domain/make.ts';
import type { HttpAuth } from '../src/http/auth.ts';
import { createHttpSource } from '../src/http/client.ts';
import { defaultHttpLimits, type HttpLimits } from '../src/http/limits.ts';
import { createRequestBudget } from '../src/http/request-budget.ts';
import { createLoaders } from '../src/loaders/create-loaders.ts';
import { asUser } from '../src/providers/provider.ts';
import { registry } from '../src/providers/registry.ts';
import { sessionsWhole } from './selected.ts';

export interface HarnessSource {
  readonly id: string;
  readonly provider: string;
  readonly url: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly user?: string | null;
  readonly auth?: HttpAuth;
  readonly limits?: Partial<HttpLimits>;
}

/** No test waits for it: a busy machine may take its time. */
const forever = 900_000;

export interface Harness {
  /** What one operation may touch, made anew for each as the server does. */
  operation(): OperationContext;
  close(): Promise<void>;
}

/** Configured sources over real HTTP, without the server around them. */
export function createHarness(sources: readonly HarnessSource[], paging: Partial<PagingLimits> = {}): Harness {
  const configured = sources.map((source) => {
    const provider = registry.find(({ name }) => name === source.provider);
    if (provider === undefined) throw new Error(`No provider ${source.provider}.`);
    const settings = provider.settings.parse(source.settings ?? {});
    return {
      id: source.id,
      as: asUser(provider, source.user ?? null, settings),
      http: createHttpSource({
        sourceId: source.id,
        url: source.url,
        auth: source.auth ?? { kind: 'none' },
        limits: { ...defaultHttpLimits, attemptTimeoutMs: forever, listShareMs: forever, ...source.limits },
      }),
      configured: provider.configure({ id: source.id, name: source.id, url: source.url, settings }),
    };
  });
  return {
    operation() {
      const opened = new Map(
        configured.map(({ id, as, http, configured: source }) => {
          const upstream = http.open({
            ...as,
            forwarded: {},
            requestId: 'test',
            signal: new AbortController().signal,
            deadline: performance.now() + forever,
            budget: createRequestBudget(10_000),
            fresh: false,
            observer: null,
          });
          return [id, { upstream, source: source.connect(upstream, sessionsWhole) }];
        }),
      );
      const connected = new Map([...opened].map(([id, { source }]) => [id, source]));
      return {
        viewerId: null,
        catalog: null,
        sources: connected,
        loaders: createLoaders(connected),
        make: makeAnew,
        paging: { scanRows: 2000, concurrentReads: 16, ...paging },
        listTimeOf: (id) => opened.get(id)?.upstream.listTime() ?? { ms: 15_000, ranOut: () => {} },
        readingOf: () => ({ as: 'server', userId: null }),
        staleAgeOf: () => null,
        healthOf: () => ({ state: 'UP', lastErrorCode: null, since: null }),
        signal: new AbortController().signal,
        observer: null,
        report: () => undefined,
      };
    },
    close: async () => {
      await Promise.all(configured.map(({ http }) => http.close()));
    },
  };
}
