import { readFileSync } from 'node:fs';
import { createAgentScope } from './agentscope.ts';
import { createAgno } from './agno.ts';
import { createEverruns } from './everruns.ts';
import { createFoundry } from './foundry.ts';
import type { CreateSource, Get, Source } from './platform.ts';

const platforms = {
  foundry: createFoundry,
  everruns: createEverruns,
  agentscope: createAgentScope,
  agno: createAgno,
} as const satisfies Readonly<Record<string, CreateSource>>;

export interface SourceSettings {
  readonly id: string;
  readonly provider: keyof typeof platforms;
  readonly url: string;
}

export interface Settings {
  readonly user: string;
  readonly sources: readonly SourceSettings[];
}

/** The file that the candidate is started with. */
export function readSettings(): Settings {
  return JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Settings;
}

/** New for each query: a source remembers what it read. */
export function createSource({ id, provider }: SourceSettings, get: Get, user: string): Source {
  return platforms[provider](id, get, user);
}
