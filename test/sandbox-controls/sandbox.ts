import { type Sandbox as PlainSandbox, type SandboxOptions, startSandboxOf } from '../../src/sandbox/sandbox.ts';
import { type RunningPlatform, startPlatform } from './platform.ts';

export interface Sandbox extends PlainSandbox<RunningPlatform>, AsyncDisposable {}

/** The sandbox over platforms that tests may watch, change and make fail. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandboxOf(startPlatform, options);
  return { ...sandbox, [Symbol.asyncDispose]: sandbox.close };
}
