/** The platforms, in a process of their own. */
import { answerParent } from '../parent.ts';
import { user, type World } from '../world.ts';
import { createAnswers } from './answers.ts';
import { listen } from './listen.ts';

export interface Counts {
  readonly requests: number;
  /** How many of them had no answer ready, which must not happen while something is timed. */
  readonly made: number;
  readonly cpuMicros: number;
}

const world = JSON.parse(process.argv[2] ?? '[]') as World;
let delayMs = 0;
let requests = 0;
let made = 0;
let seen: string[] | null = null;
const urls: Record<string, string> = {};

for (const { id, ...source } of world) {
  const answers = createAnswers(source, user);
  const port = await listen(
    (head) => {
      requests += 1;
      seen?.push(`${id} ${head.slice(0, head.indexOf(' HTTP/'))}`);
      const ready = answers.find(head);
      if (ready !== null) return ready;
      made += 1;
      return answers.make(head);
    },
    () => delayMs,
  );
  urls[id] = `http://127.0.0.1:${port}${answers.basePath}`;
}

answerParent({
  urls: () => urls,
  counts(): Counts {
    const { user, system } = process.cpuUsage();
    return { requests, made, cpuMicros: user + system };
  },
  setDelay(milliseconds: number) {
    delayMs = milliseconds;
  },
  watch() {
    seen = [];
  },
  /** What was asked since then, in the order in which it arrived. */
  seen(): readonly string[] {
    const all = seen ?? [];
    seen = null;
    return all;
  },
});
