export interface Leads {
  /** Resolves to how to let go, once nobody before has the lead of this source; rejects when the signal is aborted before. */
  take(sourceId: string, signal: AbortSignal): Promise<() => void>;
}

/** One after the other, in the order in which they asked. */
export function createLeads(): Leads {
  const last = new Map<string, Promise<void>>();

  return {
    async take(sourceId, signal) {
      let release = () => {};
      const before = last.get(sourceId) ?? Promise.resolve();
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      last.set(
        sourceId,
        before.then(() => released),
      );
      try {
        await unlessAborted(before, signal);
      } catch (error) {
        release();
        throw error;
      }
      return release;
    },
  };
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<void>((_, reject) => {
    stop = () => reject(signal.reason);
  });
  signal.addEventListener('abort', stop);
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
