import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Reply } from './parent.ts';
import { pinned } from './pin.ts';

export interface Child {
  ask<Answer>(name: string, options?: unknown): Promise<Answer>;
  /** The first match in what the process prints. */
  printed(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts node on one processor. The process ends with this one. What it logs goes to a file where one is named. */
export function startChild(core: number, nodeOptions: readonly string[], logFile: string | null = null): Child {
  const [command, options] = pinned(core, [process.execPath, ...nodeOptions]);
  const child = spawn(command, options, {
    stdio: ['ignore', 'pipe', logFile === null ? 'inherit' : openSync(logFile, 'a'), 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  child.on('message', ({ id, value, error }: Reply) => {
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new Error(error));
  });
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(`${nodeOptions.join(' ')} ended with ${signal ?? code} while it was asked something.`));
    }
  });

  return {
    ask: <Answer>(name: string, options: unknown = null) =>
      new Promise<Answer>((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve: (value) => resolve(value as Answer), reject });
        child.send({ id: asked, name, options });
      }),
    async printed(pattern) {
      const { stdout } = child;
      if (stdout === null) throw new Error('The process prints nothing.');
      const lines: string[] = [];
      for await (const line of createInterface({ input: stdout })) {
        lines.push(line);
        const match = pattern.exec(line);
        // What is printed later must not fill the pipe.
        stdout.resume();
        if (match !== null) return match[0];
      }
      throw new Error(`${nodeOptions.join(' ')} ended without saying ${pattern}:\n${lines.join('\n')}`);
    },
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
