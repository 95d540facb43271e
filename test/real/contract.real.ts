import { afterAll, beforeAll, describe } from 'vitest';
import { encodeKey } from '../../src/providers/key.ts';
import { type ContractOptions, describeContract } from '../contract.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { chosenReleases, type Release } from './releases.ts';
import { createTwin } from './seed.ts';
import { sourceOf } from './source-of.ts';

for (const release of chosenReleases()) {
  describe(`${release.name} for real`, () => {
    let server: RealServer;

    beforeAll(async () => {
      server = await startRealServer(release);
    });

    afterAll(() => server.close());

    describeContract({
      name: release.name,
      keys: keysOf(release),
      async start(sessions) {
        const { sandbox, seed } = await createTwin(release, sessions);
        const visible = sandbox.sessionIds().length;
        await sandbox.close();
        const world = await server.open(seed);
        const proxy = await startRecordingProxy(world.url);
        return {
          source: { ...sourceOf(release, proxy.url), id: 'subject' },
          sessions: visible,
          control: proxy,
          async close() {
            await proxy.close();
            await world.close();
          },
        };
      },
    });
  });
}

function keysOf({ platform }: Release): ContractOptions['keys'] {
  const first = platform === 'agno' ? () => 'agent' : encodePart;
  return {
    unknown: encodeKey(platform === 'agno' ? 'agent' : 'no-such-agent', 'no-such-session'),
    hostile: (part) => `${first(part)}/${encodePart(part)}`,
  };
}

/** As a client would spell it that does not care what a key may hold. */
function encodePart(part: string): string {
  return part.isWellFormed() ? encodeURIComponent(part) : part;
}
