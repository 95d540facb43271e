import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlatformName } from '../../src/sandbox/platforms.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../sandbox/certificate.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';

/** Every platform, healthy and as a server whose certificate nobody knows, and addresses where nobody is to be found. */
export interface World {
  readonly platforms: Readonly<Record<PlatformName, RunningPlatform>>;
  readonly strangers: Readonly<Record<PlatformName, RunningPlatform>>;
  /** Refuses connections. */
  readonly nobody: string;
  /** Another host; what reaches it is counted. */
  readonly elsewhere: string;
  visitors(): number;
  close(): Promise<void>;
}

export const credential = 'credential-of-the-source-7d1f3a';

const sizes: Readonly<Record<PlatformName, number>> = { foundry: 12, everruns: 9, agentscope: 8, agno: 10 };

export async function startWorld(): Promise<World> {
  const platforms = await startAll({});
  const strangers = await startAll({ tls: { key: TEST_KEY, cert: TEST_CERTIFICATE } });
  let visitors = 0;
  const trap = createServer((_request, response) => {
    visitors += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const running = [...Object.values(platforms), ...Object.values(strangers)];
  return {
    platforms,
    strangers,
    nobody: await addressOfNobody(),
    elsewhere: `http://localhost:${(trap.address() as AddressInfo).port}`,
    visitors: () => visitors,
    async close() {
      await Promise.all(running.map((platform) => platform.close()));
      await new Promise((resolve) => trap.close(resolve));
    },
  };
}

type Tls = { readonly tls?: { readonly key: string; readonly cert: string } };

async function startAll(tls: Tls): Promise<Record<PlatformName, RunningPlatform>> {
  const start = (platform: PlatformName) =>
    startPlatform({ platform, sessions: sizes[platform], agents: 3, users: ['alice'], credential, ...tls });
  return {
    foundry: await start('foundry'),
    everruns: await start('everruns'),
    agentscope: await start('agentscope'),
    agno: await start('agno'),
  };
}

async function addressOfNobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
