import { readFileSync, writeFileSync } from 'node:fs';
import { describeMachine, pinning } from './machine.ts';
import { type MemoryFigures, memorySuite } from './memory.ts';
import type { Figures, Paces } from './rounds.ts';
import type { Suite } from './suites.ts';

export interface SuiteResult {
  readonly suite: Suite;
  readonly figures: readonly Figures[];
  /** When it began. */
  readonly load: string;
}

const page = new URL('../BENCHMARKS.md', import.meta.url);
const lock = new URL('./package-lock.json', import.meta.url);

export function writeReport(results: readonly SuiteResult[], memory: readonly MemoryFigures[], paces: Paces): void {
  const loads = results.map(({ load }) => Number(load));
  const text = [
    '# Benchmarks',
    '',
    'What a query costs here, and what it costs when it is answered in other ways. `npm run bench` writes this page.',
    '',
    '## Ratios',
    '',
    'Each figure is divided by that of the candidate in the first row. Only these say something on another machine.',
    '',
    ...results.flatMap((result) => ['', `### ${result.suite.title}`, '', result.suite.setting, '', ...ratios(result)]),
    '',
    '## What is compared',
    '',
    ...compared(results),
    '',
    '## What is not',
    '',
    ...notCompared,
    '',
    '## Figures',
    '',
    `Machine: ${describeMachine()}. ${pinning}`,
    `The load average was between ${Math.min(...loads)} and ${Math.max(...loads)} when the suites began.`,
    '',
    ...method(paces),
    ...results.flatMap((result) => ['', `### ${result.suite.title}: figures`, '', ...figuresOf(result)]),
    '',
    `### ${memorySuite.title}`,
    '',
    memorySuite.setting,
    '',
    ...memoryTable(memory),
    '',
  ].join('\n');
  writeFileSync(page, text.replaceAll(/\n{3,}/g, '\n\n'));
}

function ratios({ figures }: SuiteResult): readonly string[] {
  const [base] = figures;
  if (base === undefined) return [];
  const isAsking = base.upstreamRequests > 0;
  const columns: readonly Column[] = [
    ['throughput', ({ perSecond }) => ratio(perSecond, base.perSecond)],
    ['CPU per query', ({ cpuMillis }) => ratio(cpuMillis, base.cpuMillis)],
    ['allocated per query', ({ allocatedBytes }) => ratio(allocatedBytes, base.allocatedBytes)],
    ['median latency', ({ p50 }) => ratio(p50, base.p50)],
    ['p99 latency', ({ p99 }) => ratio(p99, base.p99)],
  ];
  const requests: Column = [
    'upstream requests per query',
    ({ upstreamRequests }) => ratio(upstreamRequests, base.upstreamRequests),
  ];
  return table(figures, isAsking ? [...columns, requests] : columns);
}

function figuresOf({ suite, figures }: SuiteResult): readonly string[] {
  const columns: readonly Column[] = [
    ['queries a second', ({ perSecond }) => perSecond.toFixed(perSecond < 100 ? 1 : 0)],
    ['lowest to highest', ({ spread }) => spread.map((rate) => rate.toFixed(rate < 100 ? 1 : 0)).join(' to ')],
    ['CPU ms', ({ cpuMillis }) => cpuMillis.toFixed(2)],
    ['upstream requests', ({ upstreamRequests }) => upstreamRequests.toFixed(1)],
    ['allocated kB', ({ allocatedBytes }) => (allocatedBytes / 1000).toFixed(0)],
    ['p50 ms', ({ p50 }) => p50.toFixed(1)],
    ['p99 ms', ({ p99 }) => p99.toFixed(1)],
    ['memory MB', ({ rssBytes }) => megabytes(rssBytes)],
    ['other processor', ({ emulatorShare, loadShare }) => `${((emulatorShare + loadShare) * 100).toFixed(0)} %`],
  ];
  const waves: Column = ['waves', ({ p50 }) => String(Math.floor(p50 / suite.delayMillis))];
  const restless = figures.filter(({ warmedUp }) => !warmedUp).map(({ name }) => name);
  return [
    ...table(figures, suite.delayMillis > 0 ? [...columns, waves] : columns),
    ...(restless.length === 0 ? [] : ['', `Still moving when the warm-up had to end: ${restless.join(', ')}.`]),
  ];
}

function memoryTable(memory: readonly MemoryFigures[]): readonly string[] {
  return [
    row(['candidate', 'sessions walked', 'MB after the first page', 'MB at most', 'MB after the last page']),
    row(['---', '---', '---', '---', '---']),
    ...memory.map(({ name, sessions, firstPageBytes, maxBytes, lastPageBytes }) =>
      row([name, String(sessions), megabytes(firstPageBytes), megabytes(maxBytes), megabytes(lastPageBytes)]),
    ),
  ];
}

function compared(results: readonly SuiteResult[]): readonly string[] {
  return [
    '- **hand-written**: `node:http` and undici, one endpoint, no GraphQL. It asks all lists at once, together with the agents,',
    '  sorts what came, and continues by a cursor that holds a position in each list. It keeps nothing from one query to the next.',
    `- **naive Yoga + Pothos**: the same lists behind ${versions('graphql-yoga', '@pothos/core')}, agents by a resolver.`,
    `- **Apollo Server + RESTDataSource**: the same lists behind ${versions('@apollo/server', '@apollo/datasource-rest')}.`,
    `- **Hive Gateway over OpenAPI**: OpenAPI documents of the platforms in ${versions('@graphql-hive/gateway-runtime')}, and the`,
    '  same lists as an additional field that asks the fields made of those documents. No gateway merges lists by itself.',
    '- **Session Graph, cold** and **default**: this project as it is built, with its limits, log and checks as they are by',
    '  default. Cold will mean that nothing is shared between queries. Today nothing can be, so the two are the same program with',
    `  the same settings, and what differs between them is noise${noise(results)}.`,
    `- **bare Yoga with the same limits**: ${versions('graphql-yoga', '@escape.tech/graphql-armor')}, a schema of one field.`,
    '',
    'Before anything is timed, all candidates of a suite walk the same pages by their own cursors, and must give the same sessions',
    'in the same order, each with the same time, status, title and agent. Ids are compared as source and key, without what this',
    "project's ids have around them. Every answer that is timed is compared with the candidate's first one, byte for byte.",
  ];
}

const notCompared: readonly string[] = [
  '- Only this project gives the rest of a page when a platform fails, holds its order while sessions come and go, limits what a',
  '  query may cost, retries, breaks circuits, checks what platforms send, and reports what it could not read. The others fail',
  '  when one platform fails.',
  '- The others look for an agent only where their platform lists it. This project looks further, which costs some of its',
  '  requests.',
  '- The platforms are simulated on the same machine, and their answers are prepared before they are timed: there is no network,',
  '  no TLS and no credential.',
];

function method({ main, other }: Paces): readonly string[] {
  return [
    'Each candidate is a process of its own and is warmed up until three windows in a row are within 4 % of each other. Then the',
    `candidates are asked by turns: in the first suite ${main.rounds} windows of ${main.windowMillis / 1000} s each, in the others ${other.rounds} of ${other.windowMillis / 1000} s. The`,
    'figures are medians of the windows. CPU is that of the process, all its threads included. Allocated is what was allocated on the JavaScript heap, counted in one more window. Clients',
    'ask again as soon as they are answered, so with 32 of them latency is mostly waiting for the processor. The other processor',
    'is that of the platforms and the clients together: what they cost is not measured as long as it has time left.',
  ];
}

function noise(results: readonly SuiteResult[]): string {
  const differences = results.flatMap(({ figures }) => {
    const [cold, byDefault] = ['Session Graph, cold', 'Session Graph, default'].map((name) =>
      figures.find((each) => each.name === name),
    );
    if (cold === undefined || byDefault === undefined) return [];
    return [Math.abs(cold.cpuMillis / byDefault.cpuMillis - 1)];
  });
  return differences.length === 0
    ? ''
    : `: up to ${(Math.max(...differences) * 100).toFixed(0)} % of the CPU per query`;
}

type Column = readonly [string, (figures: Figures) => string];

function table(figures: readonly Figures[], columns: readonly Column[]): readonly string[] {
  return [
    row(['candidate', ...columns.map(([title]) => title)]),
    row(['---', ...columns.map(() => '---')]),
    ...figures.map((each) => row([each.name, ...columns.map(([, read]) => read(each))])),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function ratio(value: number, base: number): string {
  const quotient = value / base;
  return quotient.toFixed(quotient < 0.1 ? 3 : quotient < 10 ? 2 : 1);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}

function versions(...names: readonly string[]): string {
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return names.map((name) => `${name} ${packages[`node_modules/${name}`]?.version ?? ''}`).join(' and ');
}
