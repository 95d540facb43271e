/** By how many sessions more are kept than the platform counts. When it grows, something is gone. */
export interface Surplus {
  /** Whether it has grown since the last sweep. */
  grows(kept: number, counted: number): boolean;
  /** After a sweep whatever is left is not gone: the platform counts in another way than it lists. */
  forget(): void;
}

export function createSurplus(): Surplus {
  let usual: number | null = null;
  return {
    grows(kept, counted) {
      usual ??= kept - counted;
      return kept - counted > usual;
    },
    forget() {
      usual = null;
    },
  };
}
