import { type Sandbox as PlainSandbox, type SandboxOptions, startSandboxOf } from '../../src/sandbox/sandbox.ts';
import { type RunningPlatform, startPlatform } from './platform.ts';

export type Sandbox = PlainSandbox<RunningPlatform>;

/** The sandbox over platforms that tests may watch, change and make fail. */
export function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandboxOf(startPlatform, options);
}
