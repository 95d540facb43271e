/** By how many sessions more are kept than the platform counts. When there are more than usual, something is gone. */
export interface Surplus {
  isUnusual(kept: number, counted: number): boolean;
  /** What a whole list had, and what the platform counted when it began: some count in another way than they list. */
  settle(listed: number, counted: number): void;
}

export function createSurplus(): Surplus {
  let usual = 0;
  return {
    isUnusual: (kept, counted) => kept - counted > usual,
    settle(listed, counted) {
      usual = listed - counted;
    },
  };
}
