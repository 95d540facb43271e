/** The subscriptions under way, each with a place of its own. */
export interface Streams {
  /** Whether there is no place for another one. */
  isFull(): boolean;
  /** Takes a place until what it gives back is called. `end` is called when the subscription has to end. */
  enter(end: () => void): () => void;
  /** How many there are. */
  size(): number;
  /** Ends all, also those that begin later. */
  end(): void;
}

export function createStreams(limit: number): Streams {
  const ends = new Set<() => void>();
  let hasEnded = false;
  return {
    isFull: () => ends.size >= limit,
    enter(end) {
      ends.add(end);
      if (hasEnded) end();
      return () => void ends.delete(end);
    },
    size: () => ends.size,
    end() {
      hasEnded = true;
      for (const end of [...ends]) end();
    },
  };
}
