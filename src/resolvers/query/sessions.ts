import { askedSources } from '../../connections/asked-sources.ts';
import { type Connection, toConnection } from '../../connections/connection.ts';
import { type SessionFilterInput, type SessionScope, toSessionFilters } from '../../connections/session-filter.ts';
import { planSource } from '../../connections/session-plan.ts';
import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';
import type { PageArguments } from '../../pagination/arguments.ts';
import type { OrderField } from '../../providers/source.ts';

export interface SessionConnectionArguments extends PageArguments {
  readonly filter?: SessionFilterInput | null | undefined;
  readonly orderBy?: SessionOrderInput | null | undefined;
}

export interface SessionOrderInput {
  readonly field: 'CREATED_AT' | 'UPDATED_AT';
  readonly direction: 'ASC' | 'DESC';
}

/** Any connection of sessions: the sources that are asked, each with its plan, merged into one page. */
export function sessionConnection(
  { filter, orderBy, ...page }: SessionConnectionArguments,
  scope: SessionScope,
  context: OperationContext,
): Promise<Connection<SessionRecord>> {
  const input = filter ?? {};
  const only = scope.sourceId ?? (scope.agent ?? scope.team ?? scope.workflow)?.sourceId;
  const asked = askedSources(input, only, context);
  const field: OrderField = orderBy?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  const direction = orderBy?.direction === 'ASC' ? 'asc' : 'desc';
  const identity = { scope, filter: input, field, direction };

  async function load(): Promise<Connection<SessionRecord>> {
    const filterOf = toSessionFilters(input, scope);
    const sources = asked.map((source) => planSource(source, filterOf(source.id), field, context));
    const connection = await toConnection(
      { name: 'sessions', identity, direction, sources, isMadeOfReadsAlone: true },
      page,
      context,
    );
    for (const { node } of connection.edges) context.loaders.primeSession(node);
    return connection;
  }

  const pages = pagesOf(context);
  const name = JSON.stringify({ identity, page });
  const known = pages.get(name) ?? load();
  pages.set(name, known);
  return known;
}

type Pages = Map<string, Promise<Connection<SessionRecord>>>;

const pagesOfOperations = new WeakMap<OperationContext, Pages>();

/** Pages already asked for in this operation: the same list under two aliases is read once. */
function pagesOf(context: OperationContext): Pages {
  const pages: Pages = pagesOfOperations.get(context) ?? new Map();
  pagesOfOperations.set(context, pages);
  return pages;
}
