/** Something that is made of what sources answer, and of nothing else. */
export interface Order<Made> {
  readonly sourceIds: readonly string[];
  /** Tells it from everything else that is made of these sources, by operations that select the same. */
  readonly name: string;
  make(): Promise<Made>;
  /** What others may be given of it; null when it must be made anew each time, because something of it failed. */
  toLasting(made: Made): Lasting<Made> | null;
}

/** What outlives the operation that made it: nothing in it belongs to that operation. Nobody may change it. */
export interface Lasting<Made> {
  readonly made: Made;
  readonly rows: number;
}

/** Makes what is ordered, or gives what another operation made of the very same answers. */
export type Make = <Made>(order: Order<Made>) => Promise<Made>;

/** Where nothing is shared between operations. */
export const makeAnew: Make = (order) => order.make();
