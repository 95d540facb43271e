import type { AgentScopeDialect } from './agentscope-dialect.ts';
import type { AgnoDialect } from './agno-dialect.ts';
import { type PlatformName, type PlatformOptions, type RunningPlatform, startPlatform } from './platforms.ts';

interface SourcePlan {
  readonly provider: PlatformName;
  readonly dialect?: string;
  /** Of all sessions. */
  readonly share: number;
  readonly agents: number;
  /** What a source's configuration needs beside id, provider and url. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const asAlice = { user: { constant: 'alice' }, timezone: 'UTC' };

/** One source for each documented API; AgentScope has two, of an early and of a later version. */
const plans = {
  foundry: { provider: 'foundry', share: 0.23, agents: 9, settings: {} },
  everruns: { provider: 'everruns', share: 0.3, agents: 7, settings: {} },
  'agentscope-records': { provider: 'agentscope', dialect: '2.0.0', share: 0.12, agents: 6, settings: asAlice },
  'agentscope-views': { provider: 'agentscope', dialect: '2.0.10', share: 0.15, agents: 12, settings: asAlice },
  agno: { provider: 'agno', dialect: '2.9', share: 0.2, agents: 6, settings: {} },
} as const satisfies Readonly<Record<string, SourcePlan>>;

export type SandboxSourceId = keyof typeof plans;

const isSourceId = (id: string): id is SandboxSourceId => id in plans;

export const sandboxSourceIds: readonly SandboxSourceId[] = Object.keys(plans).filter(isSourceId);

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

export interface SandboxSource<Running extends RunningPlatform = RunningPlatform> {
  readonly id: SandboxSourceId;
  readonly provider: PlatformName;
  readonly platform: Running;
  readonly sessions: number;
  /** What a source's configuration needs beside id, provider and url. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Sandbox<Running extends RunningPlatform = RunningPlatform> {
  readonly sources: readonly SandboxSource<Running>[];
  close(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandboxOf((platform) => startPlatform(platform), options);
}

/** The same sources over platforms that the caller starts. */
export async function startSandboxOf<Running extends RunningPlatform>(
  start: (options: PlatformOptions) => Promise<Running>,
  options: SandboxOptions = {},
): Promise<Sandbox<Running>> {
  const sources: SandboxSource<Running>[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(sources.map(({ platform }) => platform.close()));
  };
  try {
    for (const [index, id] of sandboxSourceIds.entries()) {
      const { provider, share, agents, settings, ...plan }: SourcePlan = plans[id];
      const dialect = dialectOf(id, options) ?? plan.dialect;
      const sessions = options.sessions?.[id] ?? Math.round((options.size ?? 2000) * share);
      const platform = await start({
        platform: provider,
        ...(dialect === undefined ? {} : { dialect }),
        seed: (options.seed ?? 1) + index,
        sessions,
        agents,
        port: options.ports?.[id] ?? 0,
      });
      sources.push({ id, provider, platform, sessions, settings });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { sources, close };
}

function dialectOf(id: SandboxSourceId, { agno, agentscope }: SandboxOptions): string | undefined {
  if (id === 'agno') return agno;
  return id === 'agentscope-views' ? agentscope : undefined;
}
