import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readDockerfile, textsOf } from '../../scripts/container/dockerfile.ts';
import { toConfig } from '../../src/config/load-config.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const image = readDockerfile(read('Dockerfile')).at(-1) ?? { name: null, base: '', instructions: [] };
const configPath = textsOf(image, 'ENV')
  .find((text) => text.startsWith('SESSION_GRAPH_CONFIG='))
  ?.split('=')[1];

const { server: defaults } = toConfig({
  sources: [{ id: 'one', provider: 'everruns', url: 'http://127.0.0.1:1' }],
});

const byKind = new Map(
  parseAllDocuments(read('deploy/kubernetes.yaml')).map((document) => {
    const value: unknown = document.toJS();
    return [z.object({ kind: z.string() }).parse(value).kind, value];
  }),
);

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const deployment = z.object({
  spec: z.object({
    replicas: z.number(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.looseObject({ runAsNonRoot: z.boolean() }),
        containers: z.tuple([
          z.object({
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            envFrom: z.array(z.object({ secretRef: z.object({ name: z.string() }) })),
            volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean() })),
            startupProbe: probe,
            livenessProbe: probe,
            readinessProbe: probe,
            lifecycle: z.object({
              preStop: z.object({ exec: z.object({ command: z.tuple([z.string(), z.string()]) }) }),
            }),
            securityContext: z.looseObject({ readOnlyRootFilesystem: z.boolean() }),
          }),
        ]),
        volumes: z.array(z.object({ name: z.string(), configMap: z.object({ name: z.string() }) })),
      }),
    }),
  }),
});

describe('deploy/kubernetes.yaml', () => {
  const { spec } = deployment.parse(byKind.get('Deployment'));
  const pod = spec.template.spec;
  const [container] = pod.containers;

  test('asks the health checks of the server, at its port', async () => {
    expect(container.ports).toEqual([
      { name: 'http', containerPort: defaults.port },
      { name: 'metrics', containerPort: 9464 },
    ]);
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    expect(probes.map(({ httpGet }) => httpGet)).toEqual([
      { path: '/health', port: 'http' },
      { path: '/health', port: 'http' },
      { path: '/ready', port: 'http' },
    ]);
  });

  test('mounts the configuration where the image looks for it, and gives it the variables that it names', () => {
    const shape = z.object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()) });
    const configMap = shape.parse(byKind.get('ConfigMap'));
    const secret = z
      .object({ metadata: z.object({ name: z.string() }), stringData: z.record(z.string(), z.string()) })
      .parse(byKind.get('Secret'));
    const [mount] = container.volumeMounts;
    expect(pod.volumes).toEqual([{ name: mount?.name, configMap: { name: configMap.metadata.name } }]);
    expect(Object.keys(configMap.data).map((name) => `${mount?.mountPath}/${name}`)).toEqual([configPath]);
    expect(container.envFrom).toEqual([{ secretRef: { name: secret.metadata.name } }]);
    const config = toConfig(parse(configMap.data['session-graph.yaml'] ?? ''), secret.stringData, { host: '0.0.0.0' });
    expect([config.server.auth.mode, config.server.port]).toEqual(['jwt', defaults.port]);
    expect(config.server.metrics).toEqual({ host: '0.0.0.0', port: 9464 });
    expect(
      Object.keys(secret.stringData).filter((name) => !configMap.data['session-graph.yaml']?.includes(name)),
    ).toEqual([]);
  });

  test('leads the service and the disruption budget to the pods', () => {
    const { labels } = spec.template.metadata;
    const service = z
      .object({
        spec: z.object({
          selector: z.record(z.string(), z.string()),
          ports: z.array(z.object({ port: z.number(), targetPort: z.string() })),
        }),
      })
      .parse(byKind.get('Service'));
    const budget = z
      .object({ spec: z.object({ minAvailable: z.number(), selector: z.object({ matchLabels: z.unknown() }) }) })
      .parse(byKind.get('PodDisruptionBudget'));
    expect([spec.selector.matchLabels, service.spec.selector, budget.spec.selector.matchLabels]).toEqual([
      labels,
      labels,
      labels,
    ]);
    expect(service.spec.ports).toMatchObject([{ port: defaults.port, targetPort: 'http' }]);
    expect(spec.replicas).toBeGreaterThan(budget.spec.minAvailable);
  });

  test('lets what is running be answered before the pod is killed', () => {
    const [command, seconds] = container.lifecycle.preStop.exec.command;
    expect(command).toBe('sleep');
    const needed = Number(seconds) + defaults.limits.http.deadlineMs / 1000 + 5;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed);
  });

  test('writes nothing and is not root', () => {
    expect([pod.securityContext.runAsNonRoot, container.securityContext.readOnlyRootFilesystem]).toEqual([true, true]);
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });
});
