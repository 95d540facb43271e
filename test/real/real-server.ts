import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { secret } from '../contract.ts';
import type { Release } from './releases.ts';
import { readRun } from './run.ts';
import type { Seed, SeedSession } from './seed.ts';

/** A process that has one release of a platform imported and serves any number of worlds of it. */
export interface RealServer {
  open(seed: Seed): Promise<World>;
  close(): Promise<void>;
}

export interface World {
  readonly url: string;
  insert(rows: readonly SeedSession[]): Promise<void>;
  /** AgentScope only: an agent with a session with a task, made by the platform itself, which dates them. */
  make(user: string): Promise<void>;
  /** AgentScope only: stores the messages of sessions, which its records do not have. */
  tell(conversations: readonly StoredConversation[]): Promise<void>;
  close(): Promise<void>;
}

export interface StoredConversation {
  readonly user: string;
  /** Of the session. */
  readonly id: string;
  /** Oldest first. */
  readonly messages: readonly object[];
}

/** What a server says of itself when it starts. */
export interface Facts {
  readonly python: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly storage: string;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly id?: number;
  readonly ready?: Facts;
  readonly result?: unknown;
  readonly error?: string;
}

const credentials: Readonly<Record<string, string>> = { OS_SECURITY_KEY: secret };

/** `timezone` is that of the server's machine. */
export async function startRealServer(
  release: Release,
  timezone: string = release.machineTimezone,
): Promise<RealServer> {
  const { pythons, factsFolder } = readRun();
  const python = pythons[release.name];
  if (python === undefined) throw new Error(`There is no Python for ${release.name}.`);
  const child = spawn(python, [join(import.meta.dirname, 'servers', release.program)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...credentials,
      ...release.variables,
      TZ: timezone,
      OTEL_SDK_DISABLED: 'true',
      PYTHONPYCACHEPREFIX: join(dirname(python), '..', 'compiled'),
    },
  });
  const waiting = new Map<number, Waiting>();
  const words = rememberWords(child);
  let lastId = 0;
  let ended: Error | null = null;

  const facts = await new Promise<Facts>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      if (answer.ready !== undefined) return resolve(answer.ready);
      const asked = waiting.get(answer.id ?? 0);
      waiting.delete(answer.id ?? 0);
      if (answer.error === undefined) asked?.resolve(answer.result);
      else asked?.reject(new Error(`${release.name}: ${answer.error}\n${words()}`));
    });
    child.once('error', reject);
    child.once('close', (code) => {
      ended = new Error(`${release.name} ended with ${code}.\n${words()}`);
      reject(ended);
      for (const { reject: giveUp } of waiting.values()) giveUp(ended);
    });
  });
  writeFileSync(join(factsFolder, `${release.name}.json`), JSON.stringify(facts));

  function ask(request: object): Promise<unknown> {
    if (ended !== null) return Promise.reject(ended);
    lastId += 1;
    const id = lastId;
    child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  return {
    async open(seed) {
      const url = String(await ask({ action: 'open', seed }));
      return {
        url,
        insert: async (rows) => void (await ask({ action: 'insert', world: url, rows })),
        make: async (user) => void (await ask({ action: 'make', world: url, user })),
        tell: async (rows) => void (await ask({ action: 'tell', world: url, rows })),
        close: async () => void (await ask({ action: 'close', world: url })),
      };
    },
    close: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve());
        child.stdin.end();
        if (ended !== null) resolve();
      }),
  };
}

/** The last of what a server wrote on its error stream, for when it fails. */
function rememberWords(child: ChildProcess): () => string {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4_000);
  });
  return () => words;
}
