/** How often the CPU and the memory of the hand-written candidate a query took in the first run of this bench. */
export interface FirstRatios {
  readonly suite: string;
  readonly candidate: string;
  readonly cpu: number;
  readonly allocated: number;
}

/** On 21 November 2026, from BENCHMARKS.md as it was first committed. */
export const firstRun: readonly FirstRatios[] = [
  ...cold([
    ['first-page', 5.26, 4.58],
    ['deep-page', 6.11, 4.42],
    ['filter', 4.38, 3.67],
    ['latency', 3.32, 4.83],
    ['one-source', 13.14, 5.13],
    ['many-sources', 5.22, 4.15],
    ['many-agents', 4.64, 3.74],
  ]),
  ...byDefault([
    ['first-page', 1.75, 1.43],
    ['deep-page', 1.96, 1.6],
    ['filter', 0.64, 0.72],
    ['latency', 0.58, 1.36],
    ['viewers', 4.63, 2.88],
    ['one-source', 5.81, 3.28],
    ['many-sources', 1.44, 0.96],
    ['many-agents', 1.59, 1.43],
    ['nothing', 1.26, 1.39],
  ]),
];

type Row = readonly [suite: string, cpu: number, allocated: number];

function cold(rows: readonly Row[]): readonly FirstRatios[] {
  return rows.map(([suite, cpu, allocated]) => ({ suite, candidate: 'Session Graph, cold', cpu, allocated }));
}

function byDefault(rows: readonly Row[]): readonly FirstRatios[] {
  return rows.map(([suite, cpu, allocated]) => ({ suite, candidate: 'Session Graph, default', cpu, allocated }));
}
