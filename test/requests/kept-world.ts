import { onTestFinished, vi } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Asked, type AskedConfig, open } from '../server/ask.ts';

const secret = 'a shared secret of more than thirty-two characters';

/** How a server knows its viewers, and what a viewer sends. */
export const auth = { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret };
export const as = (viewer: string) => ({ 'x-viewer': viewer, 'x-proxy-secret': secret });

/** Stands still unless it is told to go on, so that no answer grows old because the machine is busy. */
export function stopClock(): { advance(ms: number): void } {
  let time = performance.now();
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => time);
  onTestFinished(() => void spy.mockRestore());
  return {
    advance(ms) {
      time += ms;
    },
  };
}

/** It has 30 sessions unless it is said how many, and ends with the test. */
export async function start(options: PlatformOptions): Promise<RunningPlatform> {
  const started = await startPlatform({ sessions: 30, ...options });
  onTestFinished(() => started.close());
  return started;
}

export function toSource({ platform, url }: RunningPlatform, more: Readonly<Record<string, unknown>> = {}) {
  const user = platform === 'agentscope' ? { user: { constant: 'alice' } } : {};
  return { id: platform, provider: platform, url, ...user, ...more };
}

/** It ends with the test. */
export function openServer(config: AskedConfig): Asked {
  const server = open(config);
  onTestFinished(() => server.app.close());
  return server;
}
