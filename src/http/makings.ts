import { LRUCache } from 'lru-cache';

/** What operations make at the moment, so that whoever wants the same waits for it instead of making it at the same time. */
export interface Makings {
  /** Resolves when the one that is being made under this name has ended, or is waited for no longer; null when none is worth it. */
  underWay(key: string): Promise<void> | null;
  /** Gives back what to call when it has ended. */
  begin(key: string): (end: MakingEnd) => void;
}

/** `kept`: others can be given it now. `read`: what it is made of was read, so that the next one may be kept. `vain`: neither. */
export type MakingEnd = 'kept' | 'read' | 'vain';

interface Making {
  readonly ended: Promise<void>;
  readonly end: () => void;
  /** Runs only when somebody waits. */
  timer: NodeJS.Timeout | null;
}

/** Whoever has waited so long begins by itself, and joins the reads that are under way. */
const longestWaitMs = 500;
/** The first reads what it is made of, and cannot be given; the second should be. When it is not, the next ones will not be either. */
const maxUnkept = 2;
const unkeptMs = 1_000;
/** While a platform fails nobody waits: each would make it in vain, one after the other. */
const vainMs = 10_000;

export function createMakings(): Makings {
  const makings = new Map<string, Making>();
  /** How many in a row were made under a name and could not be kept. */
  const unkept = new LRUCache<string, number>({ max: 1_000, ttl: unkeptMs });

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

  function giveUp(key: string, making: Making): void {
    // Of those who waited, none waits for another.
    unkept.set(key, maxUnkept);
    leave(key, making);
  }

  return {
    underWay(key) {
      const making = makings.get(key);
      if (making === undefined || (unkept.get(key) ?? 0) >= maxUnkept) return null;
      making.timer ??= setTimeout(() => giveUp(key, making), longestWaitMs).unref();
      return making.ended;
    },
    begin(key) {
      const making = makings.has(key) ? null : start(key);
      return (end) => {
        if (end === 'kept') unkept.delete(key);
        else if (end === 'read') unkept.set(key, (unkept.get(key) ?? 0) + 1);
        else unkept.set(key, maxUnkept, { ttl: vainMs });
        if (making !== null) leave(key, making);
      };
    },
  };
}
