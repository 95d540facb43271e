import type { Observer, PagePlan } from '../observation/observer.ts';
import type { Direction } from '../pagination/order.ts';
import type { SourceOutcome } from './outcome.ts';
import type { WrittenPage } from './written-page.ts';

/** The list that a page is of. */
export interface RecordedList {
  readonly name: string;
  readonly direction: Direction;
  /** Of each source; null for one that is not asked. */
  readonly plans: readonly (Omit<PagePlan, 'direction'> | null)[];
}

/** Tells what each source had to do with a page. */
export function recordPage(
  observer: Observer,
  { name, direction, plans }: RecordedList,
  page: Pick<WrittenPage<unknown>, 'items' | 'sources'>,
  outcomes: readonly SourceOutcome[],
): void {
  const delivered = new Map<string, number>();
  for (const { sourceId } of page.items) delivered.set(sourceId, (delivered.get(sourceId) ?? 0) + 1);
  for (const [index, { sourceId, status, scanned, error }] of outcomes.entries()) {
    const plan = plans[index] ?? null;
    observer.page({
      list: name,
      sourceId,
      plan: plan === null ? null : { ...plan, direction },
      feeds: page.sources.get(sourceId)?.feeds ?? [],
      scanned,
      delivered: delivered.get(sourceId) ?? 0,
      status,
      problem: error?.code ?? null,
    });
  }
}
