import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  execForm,
  lastText,
  readCopy,
  readDockerfile,
  readSentNames,
  textsOf,
} from '../../scripts/container/dockerfile.ts';
import { loadConfig, toConfig } from '../../src/config/load-config.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const packageJson = z.object({ scripts: z.object({ start: z.string() }) }).parse(JSON.parse(read('package.json')));
const stages = readDockerfile(read('Dockerfile'));
const image = stages[2] ?? { name: null, base: '', instructions: [] };
const configPath = '/etc/session-graph/session-graph.yaml';

const { server: defaults } = toConfig({
  sources: [{ id: 'one', provider: 'everruns', url: 'http://127.0.0.1:1' }],
});

describe('the Dockerfile', () => {
  test('builds with what development needs, and keeps only what the server needs', () => {
    expect(stages.map(({ name, base }) => [name, base])).toEqual([
      ['build', 'node:24-slim'],
      ['dependencies', 'node:24-slim'],
      [null, 'node:24-slim'],
    ]);
    expect(stages.map((stage) => textsOf(stage, 'RUN'))).toEqual([
      ['npm ci --ignore-scripts --no-audit --no-fund', 'npm run build'],
      ['npm ci --omit=dev --ignore-scripts --no-audit --no-fund'],
      [],
    ]);
    expect(textsOf(image, 'COPY').map(readCopy)).toEqual([
      { stage: null, mode: 0o644, sources: ['package.json', 'package-lock.json'], target: './' },
      { stage: 'dependencies', mode: null, sources: ['/app/node_modules'], target: './node_modules' },
      { stage: 'build', mode: null, sources: ['/app/dist'], target: './dist' },
    ]);
  });

  test('starts node as npm does, without a shell, as a user with a number', () => {
    const options = /^exec node (--\S+) --import tsx src\/main\.ts$/.exec(packageJson.scripts.start)?.[1];
    expect(execForm(lastText(image, 'ENTRYPOINT'))).toEqual(['node', options, 'dist/main.js']);
    expect(execForm(lastText(image, 'CMD'))).toEqual(['--host', '0.0.0.0']);
    expect(lastText(image, 'USER')).toBe('1000:1000');
    expect(lastText(image, 'STOPSIGNAL')).toBe('SIGTERM');
    expect(textsOf(image, 'ENV')).toEqual(['NODE_ENV=production', `SESSION_GRAPH_CONFIG=${configPath}`]);
  });

  test('names the port of the server, and asks the health check there', () => {
    expect(lastText(image, 'EXPOSE')).toBe(String(defaults.port));
    expect(lastText(image, 'HEALTHCHECK')).toContain(`fetch('http://127.0.0.1:${defaults.port}/health')`);
  });

  test('is sent what it copies, and nothing else', () => {
    const copied = stages
      .flatMap((stage) => textsOf(stage, 'COPY').map(readCopy))
      .flatMap(({ stage, sources }) => (stage === null ? sources : []));
    const sent = readSentNames(read('.dockerignore'));
    expect(sent.toSorted()).toEqual([...new Set(copied)].toSorted());
    expect(sent.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  test.each([
    ['an instruction over two lines', 'FROM a\nRUN one && \\\n  two\n'],
    ['an argument inside a stage', 'FROM a\nARG b=c\n'],
    ['an instruction before the first stage', 'RUN one\n'],
  ])('is not guessed at: %s is an error', (_, text) => {
    expect(() => readDockerfile(text)).toThrow(/not understood/);
  });
});

const sourceShape = z.looseObject({ id: z.string(), url: z.string() });
const service = z.looseObject({
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  command: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).default([]),
});
const composeFile = z.object({
  services: z.object({ 'session-graph': service, platforms: service, prometheus: service, collector: service }),
});

describe('compose.yaml', () => {
  const { services } = composeFile.parse(parse(read('compose.yaml')));
  const graph = services['session-graph'];
  const configFile = 'deploy/session-graph.yaml';

  test('mounts files that exist, and the configuration where the image looks for it', () => {
    const mounts = Object.values(services).flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')));
    expect(mounts.length).toBe(3);
    expect(mounts.filter(([file = '', , mode]) => mode !== 'ro' || !existsSync(join(root, file)))).toEqual([]);
    expect(graph.volumes).toEqual([`./${configFile}:${configPath}:ro`]);
  });

  test('publishes the port of the server on this machine alone, on a file system that is not written', () => {
    expect(graph.ports).toEqual([`127.0.0.1:${defaults.port}:${defaults.port}`]);
    expect(
      Object.values(services).flatMap(({ ports }) => ports.filter((port) => !port.startsWith('127.0.0.1:'))),
    ).toEqual([]);
    expect([graph.read_only, services.platforms.read_only]).toEqual([true, true]);
  });

  test('has a configuration that the server takes, of the platforms that run beside it', async () => {
    const { sources } = loadConfig(join(root, configFile), {}, { host: '0.0.0.0' });
    expect(services.platforms.network_mode).toBe('service:session-graph');
    expect(services.platforms.entrypoint).toEqual(['node', 'dist/sandbox/main.js']);
    const [flag, firstPort] = services.platforms.command;
    expect(flag).toBe('--port');
    const sandbox = await startSandbox();
    await sandbox.close();
    const told = sandbox.sources.map(({ id, provider, platform, settings }, index) => {
      const url = new URL(platform.url);
      url.port = String(Number(firstPort) + index);
      return { id, provider, url: url.href.replace(/\/$/, ''), ...settings };
    });
    const written = z.object({ sources: z.array(sourceShape) }).parse(parse(read(configFile))).sources;
    expect(written).toEqual(told);
    expect(sources.map(({ id }) => id)).toEqual(told.map(({ id }) => id));
  });

  test('reads the metrics where the server has them', () => {
    const { server } = loadConfig(join(root, configFile), {}, { host: '0.0.0.0' });
    const { scrape_configs: jobs } = z
      .object({
        scrape_configs: z.array(z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })) })),
      })
      .parse(parse(read('deploy/prometheus.yaml')));
    const targets = jobs.flatMap(({ static_configs: some }) => some.flatMap((one) => one.targets));
    expect([server.metrics?.host, targets]).toEqual(['0.0.0.0', [`session-graph:${server.metrics?.port}`]]);
  });

  test('gives the server as long to stop as a request may take', () => {
    const grace = /^(\d+)s$/.exec(String(graph.stop_grace_period))?.[1];
    expect(Number(grace) * 1000).toBeGreaterThan(defaults.limits.http.deadlineMs + 5_000);
  });

  test('sends traces to where the collector takes them', () => {
    const { receivers } = z
      .object({
        receivers: z.object({ otlp: z.object({ protocols: z.object({ http: z.object({ endpoint: z.string() }) }) }) }),
      })
      .parse(parse(read('deploy/collector.yaml')));
    const port = receivers.otlp.protocols.http.endpoint.split(':')[1];
    expect(graph.environment.OTEL_EXPORTER_OTLP_ENDPOINT).toBe(`http://collector:${port}`);
  });
});
