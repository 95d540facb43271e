import type { OperationContext } from '../context.ts';
import type { Source } from '../providers/source.ts';

/** The source of a record or an outcome. Both come from a configured source, so a missing one is a mistake of this code. */
export function sourceOf({ sourceId }: { readonly sourceId: string }, context: OperationContext): Source {
  const source = context.sources.get(sourceId);
  if (source === undefined) throw new Error(`A record names source ${sourceId}, which is not configured.`);
  return source;
}
