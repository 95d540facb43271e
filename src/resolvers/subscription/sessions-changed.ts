import { type SourceFreshness, toFreshness } from '../../catalog/freshness.ts';
import { fromMarkText } from '../../catalog/mark.ts';
import type { CatalogReader } from '../../catalog/reader.ts';
import { type ResyncReason, type SessionEvent, sessionEvents } from '../../catalog/session-events.ts';
import { askedSources } from '../../connections/asked-sources.ts';
import type { SessionFilterInput } from '../../connections/session-filter.ts';
import type { OperationContext } from '../../context.ts';
import { RequestError } from '../../domain/errors.ts';
import type { EntityRef, SessionRecord } from '../../domain/records.ts';
import { toSessionCopy } from '../../entities/session-copy.ts';
import { catalogFilters, refuseFilterOfUnkept } from '../catalog/sessions.ts';

export interface SessionsChangedArguments {
  readonly filter?: SessionFilterInput | null | undefined;
  readonly since?: string | null | undefined;
}

export type SessionsChange =
  | { readonly kind: 'upserted'; readonly session: SessionRecord }
  | { readonly kind: 'gone'; readonly session: EntityRef; readonly deleted: boolean }
  | { readonly kind: 'mark'; readonly mark: string; readonly freshness: readonly SourceFreshness[] }
  | { readonly kind: 'resync'; readonly reason: ResyncReason; readonly mark: string };

/** What changes among the sessions in the catalog, for as long as somebody waits for it. */
export function sessionsChanged(
  { filter, since }: SessionsChangedArguments,
  context: OperationContext,
): AsyncIterable<SessionsChange> {
  const { catalog, signal } = context;
  if (catalog === null) throw new RequestError('CATALOG_OFF', 'No source is in the catalog: no changes can be told.');
  const input = filter ?? {};
  refuseFilterOfUnkept(input, catalog.kept);
  const events = sessionEvents({
    live: catalog.live,
    isFollowed: (sourceId) => catalog.followed.includes(sourceId),
    filters: catalogFilters(catalog, input, context),
    since: since === null || since === undefined ? null : fromMarkText(since),
    signal,
  });
  const asked = askedSources(input, undefined, context).map(({ id }) => id);
  return toChanges(events, catalog, asked);
}

async function* toChanges(
  events: AsyncIterable<SessionEvent>,
  { kept, followed }: CatalogReader,
  asked: readonly string[],
): AsyncGenerator<SessionsChange, void> {
  for await (const event of events) {
    switch (event.kind) {
      case 'upserted':
        yield { kind: 'upserted', session: toSessionCopy(event.entry, kept) };
        break;
      case 'mark':
        yield { kind: 'mark', mark: event.mark, freshness: toFreshness(asked, followed, event.states) };
        break;
      default:
        yield event;
    }
  }
}
