import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCommandLine } from '../../src/config/command-line.ts';
import { readVersion } from '../../src/config/version.ts';
import { version } from '../../src/http/version.ts';

test('takes the configuration from the arguments before the environment', () => {
  const environment = { SESSION_GRAPH_CONFIG: 'env.yaml' };

  expect(readCommandLine([], {})).toEqual({ kind: 'serve', configFile: null, overrides: {} });
  expect(readCommandLine([], environment)).toEqual({ kind: 'serve', configFile: 'env.yaml', overrides: {} });
  expect(readCommandLine(['--config', 'own.yaml', '--port', '0', '--host', '::1'], environment)).toEqual({
    kind: 'serve',
    configFile: 'own.yaml',
    overrides: { port: 0, host: '::1' },
  });
});

test('shows the sample data to others by --public alone', () => {
  expect(readCommandLine(['--public'], {})).toEqual({
    kind: 'serve',
    configFile: null,
    overrides: { host: '0.0.0.0', allowAnonymous: true },
  });
  expect(readCommandLine(['--public', '--host', '::', '--port', '80'], {})).toEqual({
    kind: 'serve',
    configFile: null,
    overrides: { host: '::', port: 80, allowAnonymous: true },
  });
  expect(readCommandLine(['--host', '0.0.0.0'], {})).toEqual({
    kind: 'mistake',
    message: 'Other machines can reach 0.0.0.0. Add --public to show the sample data to everybody.',
  });
});

test('leaves it to a configuration who may ask', () => {
  const message =
    '--public is only for the sample data. Who can use this server is set in own.yaml, in server.host and server.auth.';
  expect(readCommandLine(['--public', '--config', 'own.yaml'], {})).toEqual({ kind: 'mistake', message });
  expect(readCommandLine(['--public'], { SESSION_GRAPH_CONFIG: 'own.yaml' })).toEqual({ kind: 'mistake', message });
  expect(readCommandLine(['--host', '0.0.0.0', '--config', 'own.yaml'], {})).toEqual({
    kind: 'serve',
    configFile: 'own.yaml',
    overrides: { host: '0.0.0.0' },
  });
});

test('answers --help and --version before anything else', () => {
  expect(readCommandLine(['--help', '--port', 'x'], {})).toEqual({ kind: 'help' });
  expect(readCommandLine(['--version'], {})).toEqual({ kind: 'version' });
});

test('refuses what it does not know', () => {
  expect(readCommandLine(['--prot', '1'], {}).kind).toBe('mistake');
  expect(readCommandLine(['file.yaml'], {}).kind).toBe('mistake');
  expect(readCommandLine(['--port', '65536'], {})).toEqual({
    kind: 'mistake',
    message: '--port must be a number from 0 to 65535, not "65536".',
  });
});

test('knows the version of the package, which is also the one told to platforms', () => {
  const { version: packaged } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

  expect([readVersion(), version]).toEqual([packaged, packaged]);
});
