import type { OperationContext } from '../context.ts';
import type { Source } from '../providers/source.ts';

/** The source that a record or an outcome is of: it was asked, so it is there. */
export function sourceOf({ sourceId }: { readonly sourceId: string }, context: OperationContext): Source {
  const source = context.sources.get(sourceId);
  if (source === undefined) throw new Error(`A record names source ${sourceId}, which is not configured.`);
  return source;
}
