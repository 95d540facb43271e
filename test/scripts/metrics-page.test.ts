import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { toConfig } from '../../src/config/load-config.ts';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import { createApp } from '../../src/server/app.ts';
import { createLog } from '../../src/server/log.ts';
import { nowhere } from '../server/ask.ts';
import { type Scrape, toScrape } from '../server/scrape.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'operations');
const page = readFileSync(join(folder, 'metrics.md'), 'utf8');

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly meaning: string;
}

/** The table of the page. */
const documented: readonly Metric[] = page.split('\n').flatMap((line) => {
  const [, name, type = '', labels = '', meaning = ''] =
    /^\| `(\w+_\w+)` \| (\w+) \|([^|]*)\| (.+) \|$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, type, labels: labels.match(/\w+/g) ?? [], meaning }];
});

let scrape: Scrape;

beforeAll(async () => {
  const metrics = createMetrics('1.2.3');
  const app = createApp(toConfig({ sources: [nowhere] }), {
    log: createLog({ level: 'silent', secrets: [] }),
    metrics,
  });
  metrics.operation({ documentId: null, result: 'ok', milliseconds: 1 });
  scrape = toScrape(await metrics.print());
  return () => app.close();
});

/** Whose sample it is: those of a histogram have names of their own. */
function metricOf(sample: string): string {
  const name = sample.replace(/_(bucket|sum|count)$/, '');
  return scrape.types.get(name) === 'histogram' ? name : sample;
}

const isOwn = (name: string) => name.startsWith('session_graph_');

test('the page lists every metric with its type, and no other', () => {
  const types = documented.map(({ name, type }) => [name, type]);
  // Others than Linux lack some of those about the process.
  const found = new Map([...types.filter(([name = '']) => !isOwn(name)), ...scrape.types] as [string, string][]);
  const listed = process.platform === 'linux' ? scrape.types : found;
  expect(Object.fromEntries(types)).toEqual(Object.fromEntries(listed));
  expect(types.length).toBe(new Set(types.map(([name]) => name)).size);
  expect(types.filter(([name = '']) => isOwn(name))).toHaveLength(19);
});

test('the page lists the labels that each metric has', () => {
  for (const { name, labels } of documented) {
    const samples = scrape.samples.filter((sample) => metricOf(sample.name) === name);
    const used = new Set(samples.flatMap((sample) => Object.keys(sample.labels)).filter((label) => label !== 'le'));
    if (isOwn(name) || samples.length > 0) expect([name, [...used].sort()]).toEqual([name, [...labels].sort()]);
  }
});

test('the page begins the meaning of a metric with the words that Prometheus shows', () => {
  const others = documented.filter(
    ({ name, meaning }) => isOwn(name) && !meaning.startsWith(scrape.helps.get(name) ?? '?'),
  );
  expect(others).toEqual([]);
});

test('the page says which values the labels have, and how many series a source has', () => {
  const words = [...scrape.samples]
    .filter(({ name }) => isOwn(name) && name !== 'session_graph_build_info')
    .flatMap(({ labels }) => Object.entries(labels))
    .flatMap(([label, value]) => (['source', 'le'].includes(label) || value === '' ? [] : [value]));
  expect(new Set(words).size).toBe(30);
  expect([...new Set(words)].filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  const count = scrape.samples.filter(({ labels }) => labels.source === 'nowhere').length;
  expect(page).toContain(`a source has ${count} series`);
});

/** Whether the server may print it: there is no sample of a garbage collection until there was one. */
function isSample(name: string): boolean {
  const type = scrape.types.get(metricOf(name));
  return type !== undefined && (type !== 'histogram' || name !== metricOf(name));
}

/** The metrics that an expression of PromQL names, and the labels with their values that it asks them for. */
function mistakesIn(expression: string): readonly string[] {
  const names: readonly string[] = expression.match(/\b(?:session_graph|nodejs|process)_\w+/g) ?? [];
  const unknown = names.filter((name) => !isSample(name));
  const selectors = [...expression.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, name = '', inner = '']) =>
    [...inner.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)].map(([, label = '', values = '']) => ({
      name,
      label,
      values,
    })),
  );
  const wrong = selectors.flatMap(({ name, label, values }) => {
    // Prometheus itself adds these.
    if (['job', 'instance'].includes(label) || values.startsWith('$')) return [];
    const known = scrape.samples.filter((sample) => sample.name === name).map((sample) => sample.labels[label] ?? '');
    return values.split('|').flatMap((value) => (known.includes(value) ? [] : [`${name}{${label}="${value}"}`]));
  });
  const grouped = [...expression.matchAll(/by \(([^)]+)\)/g)].flatMap(([, labels = '']) => labels.split(/, */));
  const labels = new Set([
    'instance',
    ...scrape.samples.filter(({ name }) => names.includes(name)).flatMap((sample) => Object.keys(sample.labels)),
  ]);
  return [...unknown, ...wrong, ...grouped.filter((label) => !labels.has(label))];
}

const rule = z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ summary: z.string() }) });
const rules = z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(rule) })) });

test('the alerts of the page ask for metrics, labels and values that exist', () => {
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']): unknown => parse(text));
  const alerts = blocks.flatMap((block) => rules.safeParse(block).data?.groups.flatMap((group) => group.rules) ?? []);
  expect(alerts.map(({ alert, expr }) => [alert, mistakesIn(expr)])).toEqual(alerts.map(({ alert }) => [alert, []]));
  expect(alerts).toHaveLength(9);
});

const panel = z.object({
  id: z.number(),
  title: z.string().min(1),
  targets: z.array(z.object({ expr: z.string() })).default([]),
});
const dashboard = z.object({ uid: z.literal('session-graph'), panels: z.array(panel) });

test('the dashboard asks for metrics, labels and values that exist', () => {
  const { panels } = dashboard.parse(JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8')));
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const queries = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
  expect(queries.map(({ title, expr }) => [title, mistakesIn(expr)])).toEqual(queries.map(({ title }) => [title, []]));
  expect(queries.length).toBeGreaterThan(20);
  const shown = new Set(queries.flatMap(({ expr }) => (expr.match(/\bsession_graph_\w+/g) ?? []).map(metricOf)));
  const hidden = documented.filter(({ name }) => isOwn(name) && !shown.has(name)).map(({ name }) => name);
  expect(hidden).toEqual(['session_graph_build_info']);
});

test('a query that asks for what does not exist is noticed', () => {
  expect(mistakesIn('rate(session_graph_operation_total[5m])')).toEqual(['session_graph_operation_total']);
  expect(mistakesIn('session_graph_upstream_wait_seconds')).toEqual(['session_graph_upstream_wait_seconds']);
  expect(mistakesIn('session_graph_source_health{state=~"UP|GONE"}')).toEqual([
    'session_graph_source_health{state="GONE"}',
  ]);
  expect(mistakesIn('sum by (viewer) (session_graph_reads_total{user="x"})')).toEqual([
    'session_graph_reads_total{user="x"}',
    'viewer',
  ]);
});

test('the scrape on the page is one that the server can give', () => {
  const [, text = ''] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
  const printed = toScrape(text);
  const known = new Set(scrape.samples.map(({ name }) => name));
  expect(printed.samples.length).toBeGreaterThan(30);
  expect(printed.samples.filter(({ name }) => !known.has(name))).toEqual([]);
  const headed = (all: ReadonlyMap<string, string>) => [...all].filter(([name]) => printed.types.has(name));
  expect([...printed.types]).toEqual(headed(scrape.types));
  expect([...printed.helps]).toEqual(headed(scrape.helps));
});
