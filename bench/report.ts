import { readFileSync, writeFileSync } from 'node:fs';
import { firstRun } from './first-run.ts';
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
  const [main, ...others] = results;
  if (main === undefined) throw new Error('Nothing was measured.');
  const text = [
    '# Benchmarks',
    '',
    'What a query costs here, and what it costs when it is answered in other ways. `npm run bench` writes this page.',
    '',
    '## Ratios',
    '',
    `${main.suite.title}: ${main.suite.setting} Each figure is divided by that of the candidate in the first row.`,
    '',
    ...table(main.figures, ratioColumns(main.figures[0])),
    '',
    'The same for the other suites: Session Graph, default, divided by the hand-written candidate. In two suites it is something',
    'else: with the catalog, divided by itself without it; and divided by a bare Yoga with the same limits.',
    '',
    ...summary(others),
    '',
    'Ratios say something on other machines too. The figures behind them are below.',
    '',
    '## Since the first run',
    '',
    'The same ratios in the first run of this bench, on 21 November 2026 and on another machine, and now.',
    '',
    ...sinceFirstRun(results),
    '',
    '## What is compared',
    '',
    ...compared(),
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
    ...results.flatMap((result) => [
      '',
      `### ${result.suite.title}`,
      '',
      result.suite.setting,
      '',
      ...figuresOf(result),
    ]),
    '',
    `### ${memorySuite.title}`,
    '',
    memorySuite.setting,
    '',
    ...memoryTable(memory),
    '',
  ].join('\n');
  writeFileSync(page, text);
}

function ratioColumns(base: Figures | undefined): readonly Column[] {
  const against = (read: (figures: Figures) => number) => (figures: Figures) =>
    base === undefined || read(base) === 0 ? '' : ratio(read(figures) / read(base));
  return [
    ['throughput', against(({ perSecond }) => perSecond)],
    ['CPU per query', against(({ cpuMillis }) => cpuMillis)],
    ['upstream requests per query', against(({ upstreamRequests }) => upstreamRequests)],
    ['allocated per query', against(({ allocatedBytes }) => allocatedBytes)],
    ['median latency', against(({ p50 }) => p50)],
    ['p99 latency', against(({ p99 }) => p99)],
  ];
}

/** One row for each suite: the last candidate against the first. */
function summary(results: readonly SuiteResult[]): readonly string[] {
  const titles = ratioColumns(undefined).map(([title]) => title);
  return [
    row(['suite', ...titles]),
    row(['---', ...titles.map(() => '---')]),
    ...results.flatMap(({ suite, figures }) => {
      const last = figures.at(-1);
      return last === undefined ? [] : [row([suite.title, ...ratioColumns(figures[0]).map(([, read]) => read(last))])];
    }),
  ];
}

function sinceFirstRun(results: readonly SuiteResult[]): readonly string[] {
  return [
    row(['suite', 'candidate', 'CPU per query, first', 'now', 'allocated per query, first', 'now']),
    row(['---', '---', '---', '---', '---', '---']),
    ...firstRun.flatMap(({ suite: name, candidate, cpu, allocated }) => {
      const result = results.find(({ suite }) => suite.name === name);
      const base = result?.figures[0];
      const now = result?.figures.find((figures) => figures.name === candidate);
      if (result === undefined || base === undefined || now === undefined) return [];
      const ratios = [
        ratio(cpu),
        ratio(now.cpuMillis / base.cpuMillis),
        ratio(allocated),
        ratio(now.allocatedBytes / base.allocatedBytes),
      ];
      return [row([result.suite.title, candidate, ...ratios])];
    }),
  ];
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
    ['taken by others', ({ othersShare }) => (othersShare === null ? '' : `${(othersShare * 100).toFixed(0)} %`)],
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

function compared(): readonly string[] {
  return [
    '- **hand-written**: `node:http` and undici, one endpoint, no GraphQL. It asks all lists at once, together with the agents,',
    '  sorts what came, and continues by a cursor that holds a position in each list. It keeps nothing from one query to the next.',
    `- **naive Yoga + Pothos**: the same lists behind ${versions('graphql-yoga', '@pothos/core')}, agents by a resolver.`,
    `- **Apollo Server + RESTDataSource**: the same lists behind ${versions('@apollo/server', '@apollo/datasource-rest')}.`,
    `- **Hive Gateway over OpenAPI**: ${versions('@graphql-hive/gateway-runtime', '@omnigraph/openapi')}, which make a graph of`,
    "  the platforms' OpenAPI documents. No gateway merges lists, so `sessions` is an additional field: the same lists, which ask",
    '  the fields that were made of the documents.',
    '- **Session Graph, default**: this project as it is built, with its limits, log and checks as they are by default, started as',
    '  `npm start` starts it. It keeps what platforms answered for one second, and their agents for thirty. **cold**: the same with',
    '  `sharing: { enabled: false }`, so that each query reads everything itself, as the others do. **with the catalog**: the',
    '  default with `catalog: true` on each source, timed once all sessions are copied.',
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
    'Each candidate is a process of its own and is warmed up until three windows in a row are within 5 % of each other. Then the',
    `candidates are asked by turns: in the first suite in ${main.rounds} windows of ${main.windowMillis / 1000} s each, in the others in ${other.rounds} of ${other.windowMillis / 1000} s. Figures are`,
    'medians of the windows. Two equal processes may differ by a quarter, so where little is compared each candidate has several.',
    'Clients ask again as soon as they are answered, so the latency that 32 of them see is mostly waiting',
    'for the processor. What the same work costs changes with what else the physical machine does: compare within one run.',
    '',
    '- **CPU ms**: of the process with all its threads, for each query.',
    '- **allocated kB**: on the JavaScript heap, for each query, counted in a window of its own.',
    '- **other processor**: how busy the platforms and the clients were. They are not what is measured as long as time is left.',
    "- **taken by others**: the most that anything else took of the candidate's processor in a window, interrupts included. A window",
    '  with more than 10 % was measured again, up to two times.',
    '- **waves**: how many times a query waited for platforms: the median latency, divided by what they wait.',
  ];
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

function ratio(quotient: number): string {
  return `${quotient.toFixed(quotient < 0.1 ? 3 : quotient < 10 ? 2 : 1)} ×`;
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
