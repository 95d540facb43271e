/** Keeps the first of what it is given, in an order. */
export interface Best<Item> {
  add(item: Item): void;
  /** What comes after it is not kept any more. Null as long as everything may be. */
  last(): Item | null;
  /** In their order. */
  items(): readonly Item[];
}

/** Sorts when what it has grew to several times what is wanted: whoever gives many waits for one look at each. */
export function createBest<Item>(count: number, compare: (left: Item, right: Item) => number): Best<Item> {
  const room = Math.max(count * 4, 256);
  const items: Item[] = [];
  let last: Item | null = null;

  function cut(): void {
    items.sort(compare);
    if (items.length < count) return;
    items.length = count;
    last = items.at(-1) ?? null;
  }

  return {
    add(item) {
      if (last !== null && compare(item, last) >= 0) return;
      items.push(item);
      if (items.length >= room) cut();
    },
    last: () => last,
    items() {
      cut();
      return items;
    },
  };
}
