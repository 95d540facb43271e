/** Tells a platform that hangs from one that is slow: a caller has waited in vain, and nothing was heard since. */
export interface HangWatch {
  /** Any answer, even a failure, shows that the platform does not hang. */
  noteAnswer(): void;
  /** To be called when a caller has waited in vain since then. */
  noteHang(since: number): void;
  hangs(): boolean;
}

export function createHangWatch(forMs: number, now: () => number): HangWatch {
  let hungAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;
  return {
    noteAnswer() {
      answeredAt = now();
    },
    noteHang(since) {
      if (answeredAt < since) hungAt = now();
    },
    // Not for ever: a source that nobody has asked for a while may be well again, and is then given its time.
    hangs: () => hungAt > answeredAt && now() - hungAt < forMs,
  };
}
