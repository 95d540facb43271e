import type { MergeSource } from './merge-request.ts';

/** The time that one page may wait for one source. It passes only while something of the source is waited for. */
export interface TimeShare {
  /** The answer, or a rejection once the time is used up. What was asked goes on: its answer shows how the source is doing. */
  wait<Value>(ask: () => Promise<Value>): Promise<Value>;
}

export function createTimeShare(ms: number, runOut: () => Error): TimeShare {
  const waiting = new Set<(error: Error) => void>();
  let left = ms;
  let since = 0;
  let timer: NodeJS.Timeout | null = null;
  let over: Error | null = null;

  function end(): void {
    const error = runOut();
    over = error;
    for (const giveUp of waiting) giveUp(error);
  }

  function enter(giveUp: (error: Error) => void): void {
    if (waiting.size === 0) {
      since = performance.now();
      timer = setTimeout(end, left).unref();
    }
    waiting.add(giveUp);
  }

  function leave(giveUp: (error: Error) => void): void {
    waiting.delete(giveUp);
    if (waiting.size > 0 || timer === null) return;
    clearTimeout(timer);
    timer = null;
    left = Math.max(0, left - (performance.now() - since));
  }

  return {
    wait<Value>(ask: () => Promise<Value>) {
      if (over !== null) return Promise.reject(over);
      return new Promise<Value>((resolve, reject) => {
        enter(reject);
        ask().then(
          (value) => {
            leave(reject);
            resolve(value);
          },
          (error: Error) => {
            leave(reject);
            reject(error);
          },
        );
      });
    },
  };
}

/** The source with all its reads within the share. Its feeds are the same however often it is opened. */
export function withinShare<Row>(source: MergeSource<Row>, share: TimeShare): MergeSource<Row> {
  let opened: ReturnType<MergeSource<Row>['open']> | null = null;

  async function open() {
    const feeds = await share.wait(() => source.open());
    return feeds.map(
      (feed) => ({ ...feed, read: (request) => share.wait(() => feed.read(request)) }) satisfies typeof feed,
    );
  }

  return {
    ...source,
    open() {
      opened ??= open();
      return opened;
    },
  };
}
