import type { Running, Stage } from './stage.ts';
import { type Clients, measureWindow, type Window } from './window.ts';

export interface Pace {
  readonly warmUpMillis: number;
  /** Warm-up ends at the latest after so many windows. */
  readonly maxWarmUps: number;
  readonly windowMillis: number;
  readonly rounds: number;
}

export interface Paces {
  /** Of the suites that have every candidate. */
  readonly main: Pace;
  readonly other: Pace;
}

export const fullPaces: Paces = {
  main: { warmUpMillis: 1500, maxWarmUps: 8, windowMillis: 4000, rounds: 5 },
  other: { warmUpMillis: 1000, maxWarmUps: 8, windowMillis: 3000, rounds: 3 },
};

const quickPace: Pace = { warmUpMillis: 1000, maxWarmUps: 4, windowMillis: 2000, rounds: 2 };
export const quickPaces: Paces = { main: quickPace, other: quickPace };

/** Interrupts alone take some per cent. */
const quietShare = 0.1;

/** What one candidate did in all windows of all its processes: medians, but of what others took the most. */
export interface Figures extends Window {
  readonly name: string;
  readonly allocatedBytes: number;
  /** The lowest and the highest throughput of a window. */
  readonly spread: readonly [number, number];
  readonly warmedUp: boolean;
}

/** What was seen of one candidate. */
interface Seen {
  readonly name: string;
  /** Of each process: whether it came to rest. */
  readonly warmed: boolean[];
  readonly windows: Window[];
  readonly allocated: number[];
}

export interface Contender {
  readonly running: Running;
  readonly clients: Clients;
}

/**
 * All candidates are there from the start, and are asked by turns: A B C A B C. So whatever the machine does meanwhile
 * happens to all of them.
 */
export async function measureRounds(
  stage: Stage,
  contenders: readonly Contender[],
  pace: Pace,
): Promise<readonly Figures[]> {
  const names = new Set(contenders.map(({ running }) => running.candidate.name));
  const all: readonly Seen[] = Array.from(names, (name) => ({ name, warmed: [], windows: [], allocated: [] }));
  const each = async (see: (contender: Contender, seen: Seen) => Promise<void>): Promise<void> => {
    for (const contender of contenders) {
      const seen = all.find(({ name }) => name === contender.running.candidate.name);
      if (seen !== undefined) await see(contender, seen);
    }
  };
  await each(async (contender, { warmed }) => {
    warmed.push(await warmUp(stage, contender, pace));
  });
  for (let round = 0; round < pace.rounds; round += 1) {
    await each(async (contender, { windows }) => {
      windows.push(await measureQuietly(stage, contender, pace));
    });
  }
  await each(async ({ running, clients }, { allocated }) => {
    const options = { milliseconds: pace.windowMillis, counting: 'allocations' } as const;
    allocated.push((await measureWindow(stage, running, clients, options)).allocatedBytes ?? 0);
  });
  return all.map(toFigures);
}

/** A window in which others took much of the processor is measured again; if all are like that, the best of them counts. */
async function measureQuietly(stage: Stage, { running, clients }: Contender, pace: Pace): Promise<Window> {
  const options = { milliseconds: pace.windowMillis, counting: 'times' } as const;
  const others = ({ othersShare }: Window): number => othersShare ?? 0;
  let best: Window | null = null;
  for (let tries = 0; tries < 3 && (best === null || others(best) > quietShare); tries += 1) {
    const window = await measureWindow(stage, running, clients, options);
    mustCount(window, running);
    if (best === null || others(window) < others(best)) best = window;
  }
  if (best === null) throw new Error('Nothing was measured.');
  return best;
}

/** Only where it counts: a cold process that is asked by many at once may well give up on a platform. */
function mustCount({ answers, wrong, made }: Window, { candidate, log }: Running): void {
  if (made > 0) throw new Error(`The platforms had to make ${made} answers while ${candidate.name} was measured.`);
  if (wrong > 0) throw new Error(`${candidate.name}: ${wrong} of ${answers} answers were wrong.\n${log()}`);
}

/** Until the last three windows are within 5 % of each other; answers whether that came. */
async function warmUp(stage: Stage, { running, clients }: Contender, pace: Pace): Promise<boolean> {
  const seen: number[] = [];
  while (seen.length < pace.maxWarmUps) {
    const options = { milliseconds: pace.warmUpMillis, counting: 'times' } as const;
    seen.push((await measureWindow(stage, running, clients, options)).perSecond);
    const last = seen.slice(-3);
    if (last.length === 3 && Math.max(...last) < Math.min(...last) * 1.05) return true;
  }
  return false;
}

function toFigures({ name, warmed, windows, allocated }: Seen): Figures {
  const middle = (read: (window: Window) => number): number => median(windows.map(read));
  const rates = windows.map(({ perSecond }) => perSecond);
  return {
    name,
    answers: middle(({ answers }) => answers),
    wrong: 0,
    made: 0,
    perSecond: median(rates),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    cpuMillis: middle(({ cpuMillis }) => cpuMillis),
    upstreamRequests: middle(({ upstreamRequests }) => upstreamRequests),
    allocatedBytes: median(allocated),
    rssBytes: middle(({ rssBytes }) => rssBytes),
    emulatorShare: middle(({ emulatorShare }) => emulatorShare),
    loadShare: middle(({ loadShare }) => loadShare),
    othersShare: windows.some(({ othersShare }) => othersShare === null)
      ? null
      : Math.max(...windows.map(({ othersShare }) => othersShare ?? 0)),
    spread: [Math.min(...rates), Math.max(...rates)],
    warmedUp: warmed.every((isWarm) => isWarm),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
