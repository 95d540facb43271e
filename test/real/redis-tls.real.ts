import { expect, test, vi } from 'vitest';
import { openReplica, startCounter } from '../http/replicas-suite.ts';
import { findFreePort } from './free-port.ts';
import { startRedis } from './redis-server.ts';
import { readRun } from './run.ts';

/** With a certificate that this process trusts, for 127.0.0.1. */
async function startWithTls() {
  const { key, certificate } = readRun().tls;
  const port = String(await findFreePort());
  const files = { 'tls-cert-file': certificate, 'tls-key-file': key };
  const redis = await startRedis({ 'tls-port': port, 'tls-auth-clients': 'no', ...files });
  return redis.url.replace('redis:', 'rediss:').replace(/\d+$/, port);
}

test('replicas share answers over TLS', async () => {
  const [platform, url] = await Promise.all([startCounter(), startWithTls()]);
  const [one, other] = [openReplica(platform, url), openReplica(platform, url)];
  await Promise.all([one.ready, other.ready]);
  expect(await one.read()).toBe(1);
  await one.settled();
  expect(await other.read()).toBe(1);
  expect([...one.told, ...other.told]).toEqual([]);
});

test('a Redis whose certificate is for another name is not used', async () => {
  const [platform, url] = await Promise.all([startCounter(), startWithTls()]);
  const one = openReplica(platform, url.replace('127.0.0.1', 'localhost'));
  await vi.waitFor(() => expect(one.told).toEqual(['lost: ERR_TLS_CERT_ALTNAME_INVALID']), 10_000);
  expect(await one.read()).toBe(1);
});
