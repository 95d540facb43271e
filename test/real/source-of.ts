import { secret } from '../contract.ts';
import type { HarnessSource } from '../harness.ts';
import type { Release } from './releases.ts';

/** How a gateway is configured for a server of this release. */
export function sourceOf(release: Release, url: string): HarnessSource {
  return release.platform === 'agno'
    ? { id: release.name, provider: 'agno', url, auth: { kind: 'bearer', token: secret } }
    : { id: release.name, provider: 'agentscope', url, user: 'alice', settings: { timezone: release.timezone } };
}
