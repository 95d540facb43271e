import { createAgentScope } from './agentscope.ts';
import { createAgno } from './agno.ts';
import { createEverruns } from './everruns.ts';
import type { ModelOptions, PlatformModel } from './exchange.ts';
import { createFoundry } from './foundry.ts';
import { listen } from './listen.ts';
import type { AgentScopeDialect, AgnoDialect, PlatformName, PlatformOptions, RunningPlatform } from './platform.ts';

// The one door for tests and for `npm start`: whoever starts a platform also needs these words.
export type {
  AgentScopeDialect,
  AgnoDialect,
  Fault,
  FaultKind,
  NewAgent,
  NewSession,
  PlatformName,
  PlatformOptions,
  Quirks,
  RecordedRequest,
  RunningPlatform,
  SessionChange,
} from './platform.ts';

interface PlatformKind {
  readonly create: (options: ModelOptions) => PlatformModel;
  /** The first is the default. */
  readonly dialects: readonly string[];
  readonly sessions: number;
  readonly agents: number;
}

const PLATFORMS: Readonly<Record<PlatformName, PlatformKind>> = {
  foundry: { create: createFoundry, dialects: [], sessions: 450, agents: 9 },
  everruns: { create: createEverruns, dialects: [], sessions: 600, agents: 7 },
  agentscope: { create: createAgentScope, dialects: ['2.0.6', '2.0.10', '2.0.1', '2.0.0'], sessions: 300, agents: 12 },
  agno: { create: createAgno, dialects: ['2.9', '2.3', '3.1'], sessions: 400, agents: 6 },
};

export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const kind = PLATFORMS[options.platform];
  const dialect = options.dialect ?? kind.dialects[0] ?? null;
  if (dialect !== null && !kind.dialects.includes(dialect)) {
    const known = kind.dialects.length === 0 ? 'it has none' : kind.dialects.join(', ');
    throw new Error(`The ${options.platform} sandbox has no dialect ${dialect}; known: ${known}.`);
  }
  const model = kind.create({
    dialect,
    seed: options.seed ?? 1,
    sessions: options.sessions ?? kind.sessions,
    agents: options.agents ?? kind.agents,
    users: options.users ?? ['alice', 'bob', 'carol'],
    timezoneOffsetMinutes: options.timezoneOffsetMinutes ?? 0,
    stateBytes: options.stateBytes ?? 0,
    credential: options.credential ?? null,
    quirks: {
      shuffleTies: false,
      unknownAfter: 'error',
      requireFeatureHeader: false,
      purgeDeleted: false,
      unknownAgent: 'empty',
      ignoresAgentId: false,
      nameFilter: 'sqlite',
      agnoVersion: dialect === '3.1' ? '3.1.10' : '2.9.0',
      databases: ['db-1'],
      ...options.quirks,
    },
  });
  return listen(model, options);
}

export interface SandboxOptions {
  readonly seed?: number;
  /** Sessions in all. */
  readonly size?: number;
  readonly agno?: AgnoDialect;
  /** Of the source `agentscope-views`. */
  readonly agentscope?: AgentScopeDialect;
  /** Overrides a source's share of `size`. */
  readonly sessions?: Readonly<Partial<Record<SandboxSourceId, number>>>;
  readonly ports?: Readonly<Partial<Record<SandboxSourceId, number>>>;
}

export type SandboxSourceId = 'foundry' | 'everruns' | 'agentscope-records' | 'agentscope-views' | 'agno';

export interface SandboxSource {
  readonly id: SandboxSourceId;
  readonly provider: PlatformName;
  readonly platform: RunningPlatform;
  /** What a source's configuration needs beside id, provider and url. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Sandbox {
  readonly sources: readonly SandboxSource[];
  close(): Promise<void>;
}

interface SourcePlan {
  readonly id: SandboxSourceId;
  readonly provider: PlatformName;
  readonly dialect?: string;
  readonly share: number;
  readonly agents: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const seed = options.seed ?? 1;
  const size = options.size ?? 2000;
  const asAlice = { user: { constant: 'alice' }, timezone: 'UTC' };
  const plans: readonly SourcePlan[] = [
    { id: 'foundry', provider: 'foundry', share: 0.23, agents: 9, settings: {} },
    { id: 'everruns', provider: 'everruns', share: 0.3, agents: 7, settings: {} },
    {
      id: 'agentscope-records',
      provider: 'agentscope',
      dialect: '2.0.0',
      share: 0.12,
      agents: 6,
      settings: asAlice,
    },
    {
      id: 'agentscope-views',
      provider: 'agentscope',
      dialect: options.agentscope ?? '2.0.1',
      share: 0.15,
      agents: 12,
      settings: asAlice,
    },
    { id: 'agno', provider: 'agno', dialect: options.agno ?? '2.9', share: 0.2, agents: 6, settings: {} },
  ];
  const sources: SandboxSource[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(sources.map(({ platform }) => platform.close()));
  };
  try {
    for (const [index, plan] of plans.entries()) {
      const platform = await startPlatform({
        platform: plan.provider,
        ...(plan.dialect === undefined ? {} : { dialect: plan.dialect }),
        seed: seed + index,
        sessions: options.sessions?.[plan.id] ?? Math.round(size * plan.share),
        agents: plan.agents,
        port: options.ports?.[plan.id] ?? 0,
      });
      sources.push({ id: plan.id, provider: plan.provider, platform, settings: plan.settings });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { sources, close };
}
