import { LRUCache } from 'lru-cache';

/** What operations make at the moment, so that whoever wants the same waits for it instead of making it at the same time. */
export interface Makings {
  /** Resolves when the one that is being made under this name has ended, or is waited for no longer; null when none is worth it. */
  underWay(key: string): Promise<void> | null;
  /** Gives back what to call when it has ended; `isKept`: whether others can be given it now. */
  begin(key: string): (isKept: boolean) => void;
}

interface Making {
  readonly ended: Promise<void>;
  readonly end: () => void;
  /** Runs only when somebody waits. */
  timer: NodeJS.Timeout | null;
}

/** Whoever waits longer begins by itself: it joins the reads that are under way, and is no later than without waiting. */
const longestWaitMs = 500;
/** The first reads what is made of, and cannot be given; the second should be. When it is not, the next ones will not be either. */
const maxVain = 2;
const vainMs = 1_000;

export function createMakings(): Makings {
  const makings = new Map<string, Making>();
  /** How many in a row were made under a name and could not be kept. */
  const vain = new LRUCache<string, number>({ max: 1_000, ttl: vainMs });

  function start(key: string): Making {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const making: Making = { ended, end, timer: null };
    makings.set(key, making);
    return making;
  }

  function leave(key: string, making: Making): void {
    if (making.timer !== null) clearTimeout(making.timer);
    if (makings.get(key) === making) makings.delete(key);
    making.end();
  }

  return {
    underWay(key) {
      const making = makings.get(key);
      if (making === undefined || (vain.get(key) ?? 0) >= maxVain) return null;
      making.timer ??= setTimeout(() => leave(key, making), longestWaitMs).unref();
      return making.ended;
    },
    begin(key) {
      const making = makings.has(key) ? null : start(key);
      return (isKept) => {
        if (isKept) vain.delete(key);
        else vain.set(key, (vain.get(key) ?? 0) + 1);
        if (making !== null) leave(key, making);
      };
    },
  };
}
