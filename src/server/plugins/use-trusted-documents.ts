import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Journals } from '../journals.ts';
import { queryError } from '../request-error.ts';

/** Answers only documents that are known beforehand; whatever text comes along is not looked at. */
export function useTrustedDocuments(documents: ReadonlyMap<string, string>, journals: Journals): Plugin {
  return {
    onParams({ request, params, setParams }) {
      const id = documentIdOf(params);
      if (id === null)
        throw queryError('DOCUMENT_ID_REQUIRED', 'Only trusted documents are answered: send a documentId.');
      const query = documents.get(id);
      if (query === undefined) throw queryError('DOCUMENT_NOT_TRUSTED', 'There is no trusted document with this id.');
      journals.of(request).documentId = id;
      const { operationName, variables } = params;
      setParams({
        query,
        ...(operationName === undefined ? {} : { operationName }),
        ...(variables === undefined ? {} : { variables }),
      });
    },
  };
}

/** As the GraphQL specification's appendix has it, or as Apollo's clients send it. */
function documentIdOf(params: GraphQLParams): string | null {
  if (typeof params !== 'object' || params === null) return null;
  if ('documentId' in params && typeof params.documentId === 'string') return params.documentId;
  const persisted: unknown = params.extensions?.persistedQuery;
  if (typeof persisted !== 'object' || persisted === null || !('sha256Hash' in persisted)) return null;
  return typeof persisted.sha256Hash === 'string' ? persisted.sha256Hash : null;
}
