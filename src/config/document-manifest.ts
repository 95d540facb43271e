import { z } from 'zod';

export type ManifestResult =
  | { readonly kind: 'documents'; readonly documents: ReadonlyMap<string, string> }
  | { readonly kind: 'mistake'; readonly message: string };

/** As the compiler of Relay writes its persisted queries, and as `npm run trusted-documents` writes its manifest. */
const byId = z.record(z.string().min(1), z.string().min(1));

const apolloFormat = 'apollo-persisted-query-manifest';
const apolloManifest = z.object({
  format: z.literal(apolloFormat),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});

/** The documents of a manifest by their ids, in either of the forms that tools of clients write. */
export function readManifest(value: unknown): ManifestResult {
  if (!isApolloManifest(value)) {
    const plain = byId.safeParse(value);
    if (plain.success) return { kind: 'documents', documents: new Map(Object.entries(plain.data)) };
    return {
      kind: 'mistake',
      message: 'must be a JSON file that maps ids to queries, or an operation manifest of Apollo',
    };
  }
  const manifest = apolloManifest.safeParse(value);
  if (!manifest.success) {
    const message = 'must be an operation manifest of version 1, whose `operations` have an `id` and a `body` each';
    return { kind: 'mistake', message };
  }
  const documents = new Map<string, string>();
  for (const { id, body } of manifest.data.operations) {
    if ((documents.get(id) ?? body) !== body) {
      return { kind: 'mistake', message: `has two operations with the id ${JSON.stringify(id)}` };
    }
    documents.set(id, body);
  }
  return { kind: 'documents', documents };
}

export function isApolloManifest(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === apolloFormat;
}
