import { expect, test } from 'vitest';
import { encodeKey } from '../src/providers/key.ts';
import { registry } from '../src/providers/registry.ts';
import { type ContractOptions, describeContract, secret } from './contract.ts';
import type { HarnessSource } from './harness.ts';
import { type PlatformOptions, startPlatform } from './sandbox-controls/platform.ts';

type Keys = ContractOptions['keys'];

interface SandboxSubject {
  readonly platform: PlatformOptions;
  readonly source?: Partial<HarnessSource>;
  readonly keys: Keys;
}

const hex = '0123456789abcdef0123456789abcdef';
const alone: Keys = { unknown: `session_${hex}`, hostile: (part) => encodePart(part) };
const ofAgent: Keys = {
  unknown: encodeKey('no-such-agent', 'no-such-session'),
  hostile: (part) => `${encodePart(part)}/${encodePart(part)}`,
};
const ofKind: Keys = { unknown: encodeKey('agent', 'no-such-session'), hostile: (part) => `agent/${encodePart(part)}` };

/** As a client would spell it that does not care what a key may hold. */
function encodePart(part: string): string {
  return part.isWellFormed() ? encodeURIComponent(part) : part;
}

const asAlice = { user: 'alice' } as const;

const subjects: Readonly<Record<string, readonly SandboxSubject[]>> = {
  foundry: [
    { platform: { platform: 'foundry', credential: secret }, keys: ofAgent },
    {
      platform: { platform: 'foundry', credential: secret, quirks: { unknownAfter: 'empty', shuffleTies: true } },
      keys: ofAgent,
    },
  ],
  everruns: [
    { platform: { platform: 'everruns' }, keys: alone },
    { platform: { platform: 'everruns', quirks: { shuffleTies: true, unknownAgent: 'everything' } }, keys: alone },
  ],
  agentscope: ['2.0.0', '2.0.1', '2.0.6', '2.0.10'].map((dialect) => ({
    platform: { platform: 'agentscope', dialect, timezoneOffsetMinutes: 480 },
    source: { ...asAlice, settings: { timezone: 'Asia/Shanghai' } },
    keys: ofAgent,
  })),
  agno: [
    { platform: { platform: 'agno', dialect: '2.3', credential: secret }, keys: ofKind },
    { platform: { platform: 'agno', dialect: '2.9', credential: secret }, keys: ofKind },
    { platform: { platform: 'agno', dialect: '2.9', credential: secret, quirks: { shuffleTies: true } }, keys: ofKind },
  ],
};

test('every registered provider has a sandbox, and every sandbox a provider', () => {
  expect(Object.keys(subjects).toSorted()).toEqual(registry.map(({ name }) => name).toSorted());
});

for (const [provider, each] of Object.entries(subjects)) {
  for (const { platform, source, keys } of each) {
    const quirks = Object.keys(platform.quirks ?? {}).join(', ');
    const name = [provider, platform.dialect, quirks].filter((word) => word !== undefined && word !== '').join(' ');
    describeContract({
      name,
      keys,
      async start(sessions) {
        const running = await startPlatform({ ...platform, sessions, agents: 4 });
        return {
          source: {
            id: 'subject',
            provider,
            url: running.url,
            ...(platform.credential === undefined ? {} : { auth: { kind: 'bearer', token: platform.credential } }),
            ...source,
          },
          sessions: running.sessionIds().length,
          control: running,
          close: () => running.close(),
        };
      },
    });
  }
}
