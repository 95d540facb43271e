import type { CatalogEntry } from '../../src/catalog/entry.ts';
import type {
  FollowedOperation,
  FollowedOrder,
  FollowedPage,
  FollowedSource,
} from '../../src/catalog/followed-source.ts';
import { entryOf } from './entries.ts';

export interface SourceBehaviour {
  readonly onPage?: (after: string | null) => void;
  readonly problemOf?: (index: number) => FollowedPage['problem'];
  readonly answerOf?: (key: string) => CatalogEntry | null | Error;
  /** Whether lists say all of it. */
  readonly isComplete?: (key: string) => boolean;
  readonly listsDeleted?: boolean;
  readonly order?: FollowedOrder;
  readonly total?: () => number | null;
  /** Which pages cost a request. Default: each. */
  readonly isPaid?: (index: number) => boolean;
}

/** A source of these pages. */
export function sourceOf(
  pages: readonly (readonly string[])[],
  {
    onPage = () => {},
    problemOf = () => null,
    answerOf = () => null,
    isComplete = () => true,
    listsDeleted = false,
    order = 'createdAt',
    total = () => null,
    isPaid = () => true,
  }: SourceBehaviour,
): FollowedSource {
  return {
    id: 'a',
    identity: 'a',
    restsFor: () => 0,
    begin(): FollowedOperation {
      let requests = 0;
      return {
        orders: [order],
        listsWhole: false,
        listsDeleted,
        requests: () => requests,
        sessions: async (keys) =>
          keys.map((key) => {
            const answer = answerOf(key);
            return answer === null || answer instanceof Error ? answer : { entry: answer, complete: true };
          }),
        async page(_order, after): Promise<FollowedPage> {
          onPage(after);
          const index = Number(after ?? 0);
          if (isPaid(index)) requests += 1;
          return {
            sessions: (pages[index] ?? []).map((key) => ({ entry: entryOf(key), complete: isComplete(key) })),
            next: index + 1 < pages.length ? String(index + 1) : null,
            total: total(),
            problem: problemOf(index),
          };
        },
      };
    },
  };
}
