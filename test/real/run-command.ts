import { spawn } from 'node:child_process';
import { UnavailableError } from './unavailable.ts';

const longestMs = 10 * 60_000;

export interface CommandOptions {
  /** What is missing when it fails. */
  readonly what: string;
  readonly folder?: string;
}

/** Runs what fetches or makes something; its failure says that the thing cannot be had, and in its own last words why. */
export function runCommand(command: string, args: readonly string[], { what, folder }: CommandOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: longestMs });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2_000);
    });
    const fail = (reason: string): void => reject(new UnavailableError(`${what} cannot be had: ${reason}`));
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else fail(words.trim().split('\n').at(-1) ?? `exit code ${code}`);
    });
  });
}
