import { onTestFinished } from 'vitest';
import { loadMetricsServer } from '../../src/server/metrics-server.ts';
import { type Asked, type AskedConfig, open } from './ask.ts';

/** What Prometheus reads. */
export interface Scrape {
  readonly text: string;
  readonly samples: readonly Sample[];
  /** The type of each metric. */
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  /** Of the samples with this name that are not 0, by the values of their labels. */
  counted(name: string): Readonly<Record<string, number>>;
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function toScrape(text: string): Scrape {
  const samples = text.split('\n').flatMap((line) => (line === '' || line.startsWith('#') ? [] : [toSample(line)]));
  const said = (word: string) =>
    new Map(
      [...text.matchAll(new RegExp(`^# ${word} (\\S+) (.+)$`, 'gm'))].map(([, name = '', rest = '']) => [name, rest]),
    );
  return {
    text,
    samples,
    types: said('TYPE'),
    helps: said('HELP'),
    counted: (wanted) =>
      Object.fromEntries(
        samples
          .filter(({ name, value }) => name === `session_graph_${wanted}` && value !== 0)
          .map(({ labels, value }) => [Object.values(labels).join(' ').trim(), value]),
      ),
  };
}

function toSample(line: string): Sample {
  const [, name, labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`This is no sample: ${line}`);
  return {
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text])),
    value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value),
  };
}

export interface Measured extends Asked {
  readonly metricsUrl: string;
  scrape(): Promise<Scrape>;
}

/** A server whose metrics are served. */
export async function openMeasured(config: AskedConfig = {}): Promise<Measured> {
  const server = await loadMetricsServer({ host: '127.0.0.1', port: 0 });
  const metricsUrl = await server.listen();
  const asked = open(config, { metrics: server.metrics });
  onTestFinished(async () => {
    await asked.app.close();
    await server.close();
  });
  return { ...asked, metricsUrl, scrape: async () => toScrape(await (await fetch(metricsUrl)).text()) };
}
