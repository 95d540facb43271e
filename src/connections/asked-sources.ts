import type { OperationContext } from '../context.ts';
import { RequestError } from '../domain/errors.ts';
import { toSourceId } from '../entities/node-id.ts';
import type { Source } from '../providers/source.ts';

/** What every filter says of sources, whatever it filters. */
export interface SourceFilterInput {
  readonly sources?: readonly string[] | null | undefined;
  readonly providers?: readonly string[] | null | undefined;
}

/** The sources of a list, in the order of the configuration. `only` is the one that the list is of, where it is of one. */
export function askedSources(
  { sources, providers }: SourceFilterInput,
  only: string | undefined,
  context: OperationContext,
): readonly Source[] {
  const wanted = sources?.map(toSourceId);
  const unknown = wanted?.find((id) => !context.sources.has(id));
  if (unknown !== undefined) throw new RequestError('BAD_USER_INPUT', `There is no source "${unknown}".`);
  return [...context.sources.values()].filter(
    ({ id, provider }) =>
      (only === undefined || id === only) && (wanted?.includes(id) ?? true) && (providers?.includes(provider) ?? true),
  );
}
