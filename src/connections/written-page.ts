import type { Lasting } from '../domain/make.ts';
import { encodeCursor } from '../pagination/cursor.ts';
import type { CursorDraft } from '../pagination/frontier.ts';
import type { MergedItem, MergedPage } from '../pagination/merge-request.ts';
import type { Edge } from './edge.ts';
import { toStatus } from './outcome.ts';

/** A merged page with its cursors: all of it that does not depend on the operation that read it. */
export interface WrittenPage<Row> extends Pick<MergedPage<Row>, 'more' | 'sawBehind' | 'sources'> {
  readonly items: readonly Pick<MergedItem<Row>, 'sourceId'>[];
  readonly edges: readonly Edge<Row>[];
  startCursor(): string | null;
  endCursor(): string | null;
}

export function writePage<Row>(page: MergedPage<Row>, isForward: boolean, fingerprint: string): WrittenPage<Row> {
  const nearest = isForward ? page.items[0] : page.items.at(-1);
  const nearEnd = nearest === undefined ? always(null) : cursorAt(nearest.cursor, fingerprint);
  const farEnd = page.end === null ? always(null) : cursorAt(page.end, fingerprint);
  return {
    edges: page.items.map((item) => ({ node: item.row, cursor: cursorAt(item.cursor, fingerprint) })),
    startCursor: isForward ? nearEnd : farEnd,
    endCursor: isForward ? farEnd : nearEnd,
    items: page.items,
    more: page.more,
    sawBehind: page.sawBehind,
    sources: page.sources,
  };
}

/** Cursors that are not yet written hold all that their operation has read, so here they are written. */
export function toLastingPage<Row>(page: WrittenPage<Row>): Lasting<WrittenPage<Row>> | null {
  const { edges, items, more, sawBehind, sources } = page;
  if ([...sources.values()].some((report) => toStatus(report) !== 'COMPLETE')) return null;
  const made = {
    edges: edges.map(({ node, cursor }) => ({ node, cursor: always(cursor()) })),
    startCursor: always(page.startCursor()),
    endCursor: always(page.endCursor()),
    items: items.map(({ sourceId }) => ({ sourceId })),
    more,
    sawBehind,
    sources,
  };
  return { made, rows: edges.length };
}

/** Written when it is first asked for. */
function cursorAt(place: () => CursorDraft, fingerprint: string): () => string {
  let text: string | null = null;
  return () => {
    if (text !== null) return text;
    const { cursor, hints, outlook } = place();
    text = encodeCursor(cursor, hints, outlook, fingerprint);
    return text;
  };
}

function always<Value>(value: Value): () => Value {
  return () => value;
}
