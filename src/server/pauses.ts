import { setImmediate } from 'node:timers/promises';

/** Resolves in the order of the calls, and now and then only after the process has done what else waits. */
export type Pause = () => Promise<void>;

/** As much as is done in a few milliseconds. */
const betweenPauses = 16;

/** Many callers who each have a little to do at the same moment would otherwise be one long piece of work. */
export function createPauses(): Pause {
  let last: Promise<void> = Promise.resolve();
  let count = 0;

  async function pauseNowAndThen(): Promise<void> {
    count += 1;
    if (count % betweenPauses === 0) await setImmediate();
  }

  return () => {
    last = last.then(pauseNowAndThen);
    return last;
  };
}
