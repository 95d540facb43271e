import { type GraphQLError, graphql } from 'graphql';
import type { OperationContext } from '../../src/context.ts';
import { RequestError, UpstreamError } from '../../src/domain/errors.ts';
import type { HttpLimits } from '../../src/http/limits.ts';
import { createHarness } from '../harness.ts';
import type { RecordedRequest } from '../sandbox-controls/faults.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { schema } from '../schema/execute.ts';

export interface WorldSource extends PlatformOptions {
  readonly id: string;
  readonly limits?: Partial<HttpLimits>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Where the source is told that its platform is, instead of where it is. */
  readonly behind?: (url: string) => Promise<string>;
}

export interface Answer {
  readonly data: unknown;
  /** By path, because they are met in any order. */
  readonly errors: readonly AnswerError[];
  /** What reached each platform, sorted, because what is asked at once arrives in any order. */
  readonly requests: Readonly<Record<string, readonly string[]>>;
}

interface AnswerError {
  readonly path: string;
  readonly code: string | null;
  readonly source: string | null;
}

export interface World extends AsyncDisposable {
  /** One operation. */
  run(source: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** One operation in which the later is asked once the earlier has been answered; only that is reported. */
  runAfter(earlier: string, later: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Several operations at the same time, and what they asked together. */
  runTogether(sources: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  platform(id: string): RunningPlatform;
  close(): Promise<void>;
}

/** Platforms over real HTTP, a source for each, and the graph over them. */
export async function startWorld(...sources: readonly WorldSource[]): Promise<World> {
  const platforms = new Map<string, RunningPlatform>();
  const urls = new Map<string, string>();
  for (const { id, behind, limits: _, settings: __, ...options } of sources) {
    const started = await startPlatform(options);
    platforms.set(id, started);
    urls.set(id, behind === undefined ? started.url : await behind(started.url));
  }

  function platform(id: string): RunningPlatform {
    const found = platforms.get(id);
    if (found === undefined) throw new Error(`There is no platform ${id}.`);
    return found;
  }

  const harness = createHarness(
    sources.map(({ id, platform: provider, limits, settings }) => ({
      id,
      provider,
      url: urls.get(id) ?? '',
      user: provider === 'agentscope' ? 'alice' : null,
      ...(limits === undefined ? {} : { limits }),
      ...(settings === undefined ? {} : { settings }),
    })),
  );

  function requestsOf(ids: Iterable<string>): Record<string, readonly string[]> {
    return Object.fromEntries(
      [...ids].map((id) => [
        id,
        platform(id)
          .requests.map((request) => toText(request, platform(id).url))
          .toSorted(),
      ]),
    );
  }

  async function execute(source: string, variables: Readonly<Record<string, unknown>>, context: OperationContext) {
    return graphql({ schema, source, variableValues: variables, contextValue: context });
  }

  async function report(source: string, variables: Readonly<Record<string, unknown>>, context: OperationContext) {
    forget();
    const { data, errors = [] } = await execute(source, variables, context);
    return {
      data: JSON.parse(JSON.stringify(data ?? null)),
      errors: errors.map(toAnswerError).toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true })),
      requests: requestsOf(platforms.keys()),
    };
  }

  function forget(): void {
    for (const each of platforms.values()) each.clearRequests();
  }

  async function close(): Promise<void> {
    await harness.close();
    await Promise.all([...platforms.values()].map((each) => each.close()));
  }

  return {
    run: (source, variables = {}) => report(source, variables, harness.operation()),
    async runAfter(earlier, later, variables = {}) {
      const context = harness.operation();
      const { errors = [] } = await execute(earlier, variables, context);
      if (errors[0] !== undefined) throw errors[0];
      return report(later, variables, context);
    },
    async runTogether(operations) {
      forget();
      const results = await Promise.all(operations.map((source) => execute(source, {}, harness.operation())));
      const error = results.flatMap(({ errors = [] }) => errors)[0];
      if (error !== undefined) throw error;
      return requestsOf(platforms.keys());
    },
    platform,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** As people read it, without what every request of the platform says alike. */
function toText({ method, url }: RecordedRequest, base: string): string {
  const { pathname } = new URL(base);
  const own = url.slice(pathname.length - (pathname.endsWith('/') ? 1 : 0));
  return `${method} ${decodeURIComponent(own)
    .replace(/\bapi-version=v1&?/, '')
    .replace(/\?$/, '')}`;
}

function toAnswerError({ path, originalError }: GraphQLError): AnswerError {
  return {
    path: path?.join('.') ?? '',
    code: originalError instanceof UpstreamError || originalError instanceof RequestError ? originalError.code : null,
    source: originalError instanceof UpstreamError ? originalError.sourceId : null,
  };
}
