import { creationTimes, MICROS_PER_SECOND, NOW_MICROS } from './clock.ts';
import { type AgentProfile, agentProfile, longTitle, storyOf, TAGS } from './corpus.ts';
import type { ModelOptions } from './exchange.ts';
import { createRandom, type Random } from './random.ts';

export const DEFAULT_ORG = 'org_00000000000000000000000000000001';
export const SECOND_ORG = 'org_00000000000000000000000000000002';

export interface EverrunsSession {
  readonly id: string;
  readonly org: string;
  readonly agentId: string;
  readonly createdMicros: number;
  /** Beyond the microsecond, as the in-memory store keeps them. */
  readonly createdNanos: number;
  readonly updatedMicros: number;
  readonly startedMicros: number | null;
  readonly finishedMicros: number | null;
  readonly title: string | null;
  readonly preview: string | null;
  readonly outputPreview: string | null;
  readonly tags: readonly string[];
  readonly modelId: string | null;
  readonly capabilities: readonly { readonly ref: string; readonly config: unknown }[];
  readonly status: string;
  readonly usage: Readonly<Record<string, number>> | null;
}

export interface EverrunsAgent {
  readonly id: string;
  readonly org: string;
  readonly name: string;
  readonly description: string | null;
  readonly systemPrompt: string;
  readonly modelId: string | null;
  readonly tags: readonly string[];
  readonly archived: boolean;
  readonly createdMicros: number;
  readonly profile: AgentProfile;
}

/** Rows are computed from their number when asked for: 100,000 of them cost two small arrays. */
export interface EverrunsSeed {
  readonly count: number;
  readonly agents: readonly EverrunsAgent[];
  id(row: number): string;
  org(row: number): string;
  agentId(row: number): string;
  createdMicros(row: number): number;
  session(row: number): EverrunsSession;
  rowOf(id: string): number | null;
}

const GRANULARITIES = [1, 1, 1, 1, 1000, 1000, MICROS_PER_SECOND] as const;
const STATUSES = [
  ...Array<string>(12).fill('idle'),
  ...['active', 'active', 'active', 'started', 'started', 'waitingfortoolresults', 'paused', 'migrating'],
] as const;
const CAPABILITIES = [
  { ref: 'web_fetch', config: null },
  { ref: 'file_system', config: { read_only: true } },
  { ref: 'mcp:7d0f5c1e-2f6a-4f0b-9a51-3f1f6f7a9b10', config: { timeout_seconds: 30, tools: ['search', 'lookup'] } },
  { ref: 'current_time', config: null },
] as const;

export function seedEverruns(options: ModelOptions): EverrunsSeed {
  const { seed } = options;
  const extra = options.sessions >= 20 ? Math.min(40, Math.ceil(options.sessions / 20)) : 0;
  const count = options.sessions + extra;
  const agents = [
    ...seedAgents(seed, DEFAULT_ORG, options.agents),
    ...(extra > 0 ? seedAgents(seed, SECOND_ORG, 2) : []),
  ];
  const inOrg = (org: string) => agents.filter((agent) => agent.org === org);
  const [firstAgents, secondAgents] = [inOrg(DEFAULT_ORG), inOrg(SECOND_ORG)];
  const models = Array.from({ length: 4 }, (_, index) => `model_${createRandom(seed, 'model', index).hex(32)}`);
  const firstTimes = creationTimes(options.sessions, createRandom(seed, 'everruns-times'), GRANULARITIES);
  const secondTimes = creationTimes(extra, createRandom(seed, 'everruns-second-times'), GRANULARITIES);
  const mask = Number.parseInt(createRandom(seed, 'everruns-mask').hex(7), 16);

  const isFirst = (row: number): boolean => row < options.sessions;
  const createdMicros = (row: number): number => {
    const exact = isFirst(row) ? firstTimes[row] : secondTimes[row - options.sessions];
    if (exact === undefined) throw new Error(`There is no seeded row ${row}.`);
    return exact;
  };
  const agentOf = (row: number): EverrunsAgent => {
    const own = isFirst(row) ? firstAgents : secondAgents;
    const random = createRandom(seed, 'everruns-agent', row);
    return own[Math.floor(random.next() ** 1.6 * own.length)] ?? random.pick(own);
  };
  const idOf = (row: number): string => {
    const millis = Math.floor(createdMicros(row) / 1000)
      .toString(16)
      .padStart(12, '0');
    const random = createRandom(seed, 'everruns-id', row);
    return `session_${millis}7${random.hex(3)}8${random.hex(7)}${(row ^ mask).toString(16).padStart(8, '0')}`;
  };

  return {
    count,
    agents,
    id: idOf,
    org: (row) => (isFirst(row) ? DEFAULT_ORG : SECOND_ORG),
    agentId: (row) => agentOf(row).id,
    createdMicros,
    session: (row) =>
      toSession({
        random: createRandom(seed, 'everruns-session', row),
        id: idOf(row),
        agent: agentOf(row),
        createdMicros: createdMicros(row),
        models,
      }),
    rowOf: (id) => {
      const row = Number.parseInt(id.slice(-8), 16) ^ mask;
      return row >= 0 && row < count && idOf(row) === id ? row : null;
    },
  };
}

interface SessionInput {
  readonly random: Random;
  readonly id: string;
  readonly agent: EverrunsAgent;
  readonly createdMicros: number;
  readonly models: readonly string[];
}

export function toSession({ random, id, agent, createdMicros, models }: SessionInput): EverrunsSession {
  const story = storyOf(agent.profile.topic, random);
  const status = random.pick(STATUSES);
  const silent = status === 'started' || random.chance(0.05);
  const activity = Math.min(createdMicros + random.below(4 * 86_400) * MICROS_PER_SECOND, NOW_MICROS - 1);
  const naming = random.next();
  const title = naming < 0.1 ? null : naming < 0.115 ? longTitle(story, 255) : story.title;
  const started = status === 'started' ? null : createdMicros + random.below(3_000_000);
  return {
    id,
    org: agent.org,
    agentId: agent.id,
    createdMicros,
    createdNanos: createdMicros % 1000 !== 0 && random.chance(0.05) ? 1 + random.below(999) : 0,
    updatedMicros: silent ? createdMicros : Math.max(createdMicros, activity),
    startedMicros: started,
    finishedMicros: status === 'idle' && !silent && random.chance(0.6) ? Math.max(started ?? 0, activity) : null,
    title,
    preview: silent ? null : story.question.slice(0, 200),
    outputPreview: silent || random.chance(0.1) ? null : story.answer.slice(0, 200),
    tags: TAGS.filter(() => random.chance(0.15)),
    modelId: random.chance(0.25) ? null : random.pick(models),
    capabilities: CAPABILITIES.filter(() => random.chance(0.2)),
    status,
    usage: silent ? null : usageOf(random),
  };
}

function usageOf(random: Random): Readonly<Record<string, number>> {
  const usage = { input_tokens: 200 + random.below(40_000), output_tokens: 20 + random.below(6_000) };
  return random.chance(0.5) ? { ...usage, cache_read_tokens: random.below(20_000), cache_creation_tokens: 0 } : usage;
}

function seedAgents(seed: number, org: string, count: number): readonly EverrunsAgent[] {
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom(seed, 'everruns-agents', org, index);
    const profile = agentProfile(index, 2);
    return {
      id: `agent_${random.hex(32)}`,
      org,
      name: profile.name,
      description: random.chance(0.2) ? null : profile.description,
      systemPrompt: profile.instructions,
      modelId: random.chance(0.3) ? null : `model_${createRandom(seed, 'model', random.below(4)).hex(32)}`,
      tags: TAGS.filter(() => random.chance(0.1)),
      archived: count >= 4 && index % 5 === 3,
      createdMicros: NOW_MICROS - (740 + index) * 86_400 * MICROS_PER_SECOND - random.below(1_000_000),
      profile,
    };
  });
}
