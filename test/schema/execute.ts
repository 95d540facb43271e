import { type GraphQLError, graphql } from 'graphql';
import type { OperationContext } from '../../src/context.ts';
import { RequestError, UpstreamError } from '../../src/domain/errors.ts';
import { makeAnew } from '../../src/domain/make.ts';
import { createLoaders } from '../../src/loaders/create-loaders.ts';
import type { Source } from '../../src/providers/source.ts';
import { createSchema } from '../../src/schema/schema.ts';

/** It depends on no setting and takes longer to make than most tests, so they share it, as the apps of a process do. */
export const schema = createSchema();

interface Answer {
  readonly data: unknown;
  readonly errors?: readonly { readonly path: string; readonly code: unknown; readonly message: string }[];
}

/** One operation over these sources, as plain data; errors as `server` gets them. */
export async function execute(
  sources: readonly Source[],
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const result = await graphql({ schema, source: query, variableValues: variables, contextValue: contextOf(sources) });
  const data = JSON.parse(JSON.stringify(result.data ?? null));
  return result.errors === undefined ? { data } : { data, errors: result.errors.map(toError) };
}

function toError({ path, message, originalError, extensions }: GraphQLError) {
  const code =
    originalError instanceof UpstreamError || originalError instanceof RequestError ? originalError.code : null;
  return { path: path?.join('.') ?? '', code: code ?? extensions.code ?? null, message };
}

export function contextOf(sources: readonly Source[]): OperationContext {
  const byId = new Map(sources.map((source) => [source.id, source]));
  return {
    viewerId: null,
    sources: byId,
    loaders: createLoaders(byId),
    make: makeAnew,
    paging: { scanRows: 1000, concurrentReads: 4 },
    listTimeOf: () => ({ ms: 15_000, ranOut: () => {} }),
    readingOf: () => ({ as: 'server', userId: null }),
    staleAgeOf: () => null,
    healthOf: () => ({ state: 'DEGRADED', lastErrorCode: 'UPSTREAM_TIMEOUT', since: '2026-02-03T04:05:06.789Z' }),
    signal: new AbortController().signal,
    observer: null,
    catalog: null,
    report: () => {},
  };
}
