import type { PlatformName } from '../../src/sandbox/platforms.ts';
import { readRun } from './run.ts';

/** One release of a platform that is run for real, and what the sandbox calls its dialect. */
export interface Release {
  readonly name: string;
  readonly platform: PlatformName;
  readonly dialect: string;
  readonly packageName: string;
  readonly version: string;
  /** In `servers/`. */
  readonly program: string;
  /** What the program is told beside. */
  readonly variables: Readonly<Record<string, string>>;
  /** The zone of the server's machine. */
  readonly machineTimezone: string;
  /** Whether the sandbox has the same words: it speaks those of SQLite, where storages differ. */
  readonly hasTwin: boolean;
  /** The zone the server writes its times in: that of its machine, unless it has another idea. */
  readonly timezone: 'Asia/Shanghai' | 'UTC';
  readonly timezoneOffsetMinutes: number;
}

const zones = {
  local: { timezone: 'Asia/Shanghai', timezoneOffsetMinutes: 480 },
  utc: { timezone: 'UTC', timezoneOffsetMinutes: 0 },
} as const;

const usual = { variables: {}, machineTimezone: zones.local.timezone, hasTwin: true };

function agno(version: string, dialect: string): Release {
  const program = 'agno_server.py';
  return {
    name: `agno-${version}`,
    platform: 'agno',
    dialect,
    packageName: 'agno',
    version,
    program,
    ...zones.utc,
    ...usual,
  };
}

function onPostgresql(release: Release): Release {
  const variables = { AGNO_STORAGE: 'postgresql' };
  return {
    ...release,
    name: `${release.name}-postgresql`,
    variables,
    machineTimezone: 'America/New_York',
    hasTwin: false,
  };
}

function agentscope(version: string, zone: keyof typeof zones): Release {
  const [platform, packageName] = ['agentscope', 'agentscope'] as const;
  const program = 'agentscope_server.py';
  return {
    name: `agentscope-${version}`,
    platform,
    dialect: version,
    packageName,
    version,
    program,
    ...zones[zone],
    ...usual,
  };
}

export const releases: readonly Release[] = [
  agno('3.1.10', '3.1'),
  onPostgresql(agno('3.1.10', '3.1')),
  agno('2.9.0', '2.9'),
  agno('2.3.22', '2.3'),
  // SQL storage writes UTC on every machine, Redis storage what the clock on the wall says.
  agentscope('2.0.10', 'utc'),
  agentscope('2.0.6', 'utc'),
  agentscope('2.0.1', 'local'),
  agentscope('2.0.0', 'local'),
];

/** Those that this run is about: all, unless `--release` names some. */
export function chosenReleases(): readonly Release[] {
  const { pythons } = readRun();
  return releases.filter(({ name }) => name in pythons);
}

export function requirementsOf(release: Release): string {
  return `requirements-${release.name}.txt`;
}
