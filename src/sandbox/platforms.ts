import { createAgentScope } from './agentscope.ts';
import { agentScopeDialects } from './agentscope-dialect.ts';
import { createAgno } from './agno.ts';
import { agnoDialects } from './agno-dialect.ts';
import { createEverruns } from './everruns.ts';
import { createFoundry } from './foundry.ts';
import { type Listener, type ListenOptions, listen } from './listen.ts';
import type { ModelOptions, Platform } from './platform.ts';

interface PlatformKind {
  readonly create: (options: ModelOptions) => Platform;
  readonly dialects: readonly string[];
  /** Null where there is one dialect only, which has no name. */
  readonly dialect: string | null;
  readonly sessions: number;
  readonly agents: number;
}

/** Every platform of the sandbox, and what it is started with when nothing else is said. */
export const platforms = {
  foundry: { create: createFoundry, dialects: [], dialect: null, sessions: 450, agents: 9 },
  everruns: { create: createEverruns, dialects: [], dialect: null, sessions: 600, agents: 7 },
  agentscope: { create: createAgentScope, dialects: agentScopeDialects, dialect: '2.0.6', sessions: 300, agents: 12 },
  agno: { create: createAgno, dialects: agnoDialects, dialect: '2.9', sessions: 400, agents: 6 },
} as const satisfies Readonly<Record<string, PlatformKind>>;

export type PlatformName = keyof typeof platforms;

export interface PlatformOptions
  extends Partial<Omit<ModelOptions, 'dialect' | 'credential'>>,
    Partial<Omit<ListenOptions, 'respond'>> {
  readonly platform: PlatformName;
  readonly dialect?: string;
  readonly credential?: string;
}

export interface RunningPlatform extends Listener {
  readonly platform: PlatformName;
  readonly dialect: string | null;
}

export async function startPlatform(
  options: PlatformOptions,
  respond?: ListenOptions['respond'],
): Promise<RunningPlatform> {
  const { platform, port = 0, tls } = options;
  const model = toModelOptions(options);
  const listener = await listen(platforms[platform].create(model), {
    port,
    ...(tls === undefined ? {} : { tls }),
    ...(respond === undefined ? {} : { respond }),
  });
  return { platform, dialect: model.dialect, ...listener };
}

export function toModelOptions(options: PlatformOptions): ModelOptions {
  const kind: PlatformKind = platforms[options.platform];
  const dialect = options.dialect ?? kind.dialect;
  if (dialect !== null && !kind.dialects.includes(dialect)) {
    const known = kind.dialects.length === 0 ? 'it has none' : kind.dialects.join(', ');
    throw new Error(`The ${options.platform} sandbox has no dialect ${dialect}; known: ${known}.`);
  }
  return {
    dialect,
    seed: options.seed ?? 1,
    sessions: options.sessions ?? kind.sessions,
    agents: options.agents ?? kind.agents,
    users: options.users ?? ['alice', 'bob', 'carol'],
    timezoneOffsetMinutes: options.timezoneOffsetMinutes ?? 0,
    stateBytes: options.stateBytes ?? 0,
    credential: options.credential ?? null,
  };
}
