import { type GraphQLError, graphql } from 'graphql';
import { RequestError, UpstreamError } from '../../src/domain/errors.ts';
import type { HttpLimits } from '../../src/http/limits.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../../src/sandbox/sandbox.ts';
import { createSchema } from '../../src/schema/schema.ts';
import { createHarness } from '../harness.ts';

export interface WorldSource extends PlatformOptions {
  readonly id: string;
  readonly limits?: Partial<HttpLimits>;
  /** Puts something between the source and its platform. */
  readonly behind?: (url: string) => string;
}

export interface Answer {
  readonly data: unknown;
  readonly errors: readonly AnswerError[];
  /** What reached each platform, sorted, because what is asked at once arrives in any order. */
  readonly requests: Readonly<Record<string, readonly string[]>>;
}

interface AnswerError {
  readonly path: string;
  readonly code: string | null;
  readonly source: string | null;
}

export interface World {
  /** One operation. */
  run(source: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Several operations at the same time, and what they asked together. */
  runTogether(sources: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  platform(id: string): RunningPlatform;
  close(): Promise<void>;
}

const schema = createSchema();

/** Platforms over real HTTP, a source for each, and the graph over them. */
export async function startWorld(...sources: readonly WorldSource[]): Promise<World> {
  const platforms = new Map<string, RunningPlatform>();
  for (const { id, ...options } of sources) platforms.set(id, await startPlatform(options));

  function platform(id: string): RunningPlatform {
    const found = platforms.get(id);
    if (found === undefined) throw new Error(`There is no platform ${id}.`);
    return found;
  }

  const harness = createHarness(
    sources.map(({ id, platform: provider, limits, behind }) => ({
      id,
      provider,
      url: behind === undefined ? platform(id).url : behind(platform(id).url),
      user: provider === 'agentscope' ? 'alice' : null,
      ...(limits === undefined ? {} : { limits }),
    })),
  );

  function requestsOf(ids: Iterable<string>): Record<string, readonly string[]> {
    return Object.fromEntries(
      [...ids].map((id) => [
        id,
        platform(id)
          .requests.map(({ method, url }) => `${method} ${shorten(url)}`)
          .toSorted(),
      ]),
    );
  }

  async function execute(source: string, variables: Readonly<Record<string, unknown>>) {
    return graphql({ schema, source, variableValues: variables, contextValue: harness.operation() });
  }

  function forget(): void {
    for (const each of platforms.values()) each.clearRequests();
  }

  return {
    async run(source, variables = {}) {
      forget();
      const { data, errors = [] } = await execute(source, variables);
      return {
        data: JSON.parse(JSON.stringify(data ?? null)),
        errors: errors.map(toAnswerError),
        requests: requestsOf(platforms.keys()),
      };
    },
    async runTogether(operations) {
      forget();
      const results = await Promise.all(operations.map((source) => execute(source, {})));
      const error = results.flatMap(({ errors = [] }) => errors)[0];
      if (error !== undefined) throw error;
      return requestsOf(platforms.keys());
    },
    platform,
    async close() {
      await harness.close();
      await Promise.all([...platforms.values()].map((each) => each.close()));
    },
  };
}

/** Without what every request of a platform says alike. */
function shorten(url: string): string {
  return decodeURIComponent(url)
    .replace('/api/projects/contoso-agents', '')
    .replace(/api-version=v1&?/, '')
    .replace(/\?$/, '');
}

function toAnswerError({ path, originalError }: GraphQLError): AnswerError {
  return {
    path: path?.join('.') ?? '',
    code: originalError instanceof UpstreamError || originalError instanceof RequestError ? originalError.code : null,
    source: originalError instanceof UpstreamError ? originalError.sourceId : null,
  };
}
