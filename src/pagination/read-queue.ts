/** Runs at most so many reads at a time, first come, first served. */
export function createReadQueue(limit: number): (read: () => Promise<void>) => Promise<void> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (read) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      await read();
    } finally {
      const following = waiting.shift();
      if (following === undefined) running -= 1;
      else following();
    }
  };
}
