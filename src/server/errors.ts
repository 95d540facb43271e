import { GraphQLError } from 'graphql';
import { CatalogStoreError } from '../catalog/catalog-store-error.ts';
import { hangUp } from '../catalog/patient-store.ts';
import { RequestError, SourcesFailedError, UpstreamError } from '../domain/errors.ts';

export interface ErrorSettings {
  readonly requestId: string;
  /** Whether messages may suggest names that the client did not know. */
  readonly suggestions: boolean;
  readonly report: (error: unknown) => void;
}

/** The only place where an error becomes what a client reads. What was not thrown for clients is masked and reported. */
export function toClientError(error: GraphQLError, settings: ErrorSettings): GraphQLError {
  const thrown = innermost(error);
  if (thrown instanceof UpstreamError) {
    settings.report(thrown);
    const { code, sourceId: source, retryable } = thrown;
    return retold(error, thrown.message, { code, source, retryable });
  }
  if (thrown instanceof SourcesFailedError) {
    for (const each of thrown.errors) settings.report(each);
    return retold(error, thrown.message, sourcesExtensions(thrown));
  }
  if (thrown instanceof CatalogStoreError) {
    if (thrown.reason !== hangUp) settings.report(thrown);
    return retold(error, thrown.message, { code: 'CATALOG_UNAVAILABLE', retryable: true });
  }
  if (thrown instanceof RequestError) return retold(error, thrown.message, { code: thrown.code });
  if (isAboutTheRequest(error, thrown)) {
    // Yoga adds what the JSON parser said, which quotes the body.
    const { originalError: _, ...extensions } = { ...error.extensions, ...thrown.extensions };
    const message = settings.suggestions ? error.message : withoutSuggestion(error.message);
    return retold(error, message, { ...extensions, code: extensions.code ?? 'BAD_USER_INPUT' });
  }
  settings.report(thrown);
  const { requestId } = settings;
  return retold(error, 'Internal server error', { code: 'INTERNAL_SERVER_ERROR', requestId, unexpected: true });
}

/** One code for all where they failed alike; else what went wrong with each has to be looked up. */
function sourcesExtensions({ errors }: SourcesFailedError): Readonly<Record<string, unknown>> {
  const codes = new Set(errors.map(({ code }) => code));
  const [code] = codes.size === 1 ? codes : ['SOURCES_FAILED'];
  return {
    code,
    retryable: errors.some(({ retryable }) => retryable),
    sources: errors.map(({ sourceId, code, message, retryable }) => ({ source: sourceId, code, message, retryable })),
  };
}

function innermost(error: Error): Error {
  const original = error instanceof GraphQLError ? error.originalError : undefined;
  return original === undefined || original === null ? error : innermost(original);
}

/**
 * GraphQL's own words. Those about a query, its variables or its arguments are for whoever wrote them; those about a value
 * that a resolver gave belong to a field, point nowhere in the query by themselves, and quote the value.
 */
function isAboutTheRequest(error: GraphQLError, thrown: Error): thrown is GraphQLError {
  if (!(thrown instanceof GraphQLError)) return false;
  return error.path === undefined || thrown.nodes !== undefined || thrown.extensions.code !== undefined;
}

function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean [\s\S]*\?$/, '');
}

function retold(error: GraphQLError, message: string, extensions: Readonly<Record<string, unknown>>): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { ...extensions } });
}
