/** How long one operation has waited for look-ups, in which it may find nothing. Those at the same time count once. */
export interface LookupTime {
  isSpent(): boolean;
  during<Value>(lookup: () => Promise<Value>): Promise<Value>;
}

const longestMs = 300;

export function createLookupTime(now: () => number): LookupTime {
  let waiting = 0;
  let since = 0;
  let spentMs = 0;
  return {
    isSpent: () => spentMs >= longestMs,
    async during(lookup) {
      if (waiting === 0) since = now();
      waiting += 1;
      try {
        return await lookup();
      } finally {
        waiting -= 1;
        if (waiting === 0) spentMs += now() - since;
      }
    },
  };
}
