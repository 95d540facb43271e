import type { Observer, PageRecord, ReadRecord, RequestObserver, RequestRecord } from './observer.ts';

/** What one operation is, what it asked of its sources, and what became of it, as far as it has come. */
export interface Journal {
  readonly requestId: string;
  readonly startedAt: number;
  /** `query`; null when nothing can be executed. */
  operationType: string | null;
  /** As the client calls it. */
  operationName: string | null;
  /** The trusted document that is executed; null for any other. */
  documentId: string | null;
  /** Null when it was not worked out. */
  cost: number | null;
  readonly reads: readonly ReadRecord[];
  readonly pages: readonly PageRecord[];
  readonly observer: Observer;
}

/** Follows the requests of an operation one by one, from before they are sent. */
export type Follower = (request: RequestRecord) => RequestObserver | null;

export interface JournalSettings {
  readonly requestId: string;
  /** Made for each operation. */
  readonly followers: readonly ((journal: Journal) => Follower)[];
  /** Told of each read, also of one that ends after its operation. */
  readonly readers: readonly ((read: ReadRecord) => void)[];
}

export function createJournal({ requestId, followers, readers }: JournalSettings): Journal {
  const reads: ReadRecord[] = [];
  const pages: PageRecord[] = [];
  const journal: Journal = {
    requestId,
    startedAt: performance.now(),
    operationType: null,
    operationName: null,
    documentId: null,
    cost: null,
    reads,
    pages,
    observer: {
      request: (request) => toOne(following.flatMap((follow) => follow(request) ?? [])),
      readBegins: (read) => void reads.push(read),
      read(read) {
        for (const tell of readers) tell(read);
      },
      page: (page) => void pages.push(page),
    },
  };
  const following = followers.map((follower) => follower(journal));
  return journal;
}

function toOne(observers: readonly RequestObserver[]): RequestObserver | null {
  const [first] = observers;
  if (first === undefined || observers.length === 1) return first ?? null;
  return {
    headers: Object.assign({}, ...observers.map(({ headers }) => headers)),
    ended() {
      for (const observer of observers) observer.ended();
    },
  };
}
