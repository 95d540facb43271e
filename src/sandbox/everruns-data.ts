import { type AgentProfile, agentProfile } from './agent-profiles.ts';
import { creationTimes, microsPerSecond, nowMicros } from './clock.ts';
import type { Dialogue } from './dialogue.ts';
import type { ModelOptions } from './platform.ts';
import { castPlots, type Plot, plotsWithoutEnding } from './plots.ts';
import { createRandom, type Random } from './random.ts';
import { longTitle, storyOf, tags } from './stories.ts';

export const defaultOrg = 'org_00000000000000000000000000000001';
export const secondOrg = 'org_00000000000000000000000000000002';

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

/** A session of which only what lists are filtered by is kept: 100,000 of them take little memory. */
export interface EverrunsRow {
  readonly id: string;
  readonly org: string;
  readonly agentId: string;
  readonly createdMicros: number;
  readonly read: () => EverrunsSession;
}

export interface EverrunsStore {
  readonly agents: EverrunsAgent[];
  /** Those of each organization newest first. */
  readonly sessions: EverrunsRow[];
  /** By session: conversations that go another way than most. */
  readonly plots: ReadonlyMap<string, Plot>;
  /** By session: conversations that were not seeded. */
  readonly dialogues: Map<string, Dialogue>;
}

const granularities = [1, 1, 1, 1, 1000, 1000, microsPerSecond] as const;
const statuses = [
  ...Array<string>(12).fill('idle'),
  ...['active', 'active', 'active', 'started', 'started', 'waitingfortoolresults', 'paused', 'migrating'],
] as const;
const capabilities = [
  { ref: 'web_fetch', config: null },
  { ref: 'file_system', config: { read_only: true } },
  { ref: 'mcp:7d0f5c1e-2f6a-4f0b-9a51-3f1f6f7a9b10', config: { timeout_seconds: 30, tools: ['search', 'lookup'] } },
  { ref: 'current_time', config: null },
] as const;

export function seedEverruns(options: ModelOptions): EverrunsStore {
  const { seed } = options;
  const extra = options.sessions >= 20 ? Math.min(40, Math.ceil(options.sessions / 20)) : 0;
  const first = seedAgents(seed, defaultOrg, options.agents);
  const second = extra > 0 ? seedAgents(seed, secondOrg, 2) : [];
  const models = Array.from({ length: 4 }, (_, index) => modelId(seed, index));
  const mask = Number.parseInt(createRandom(seed, 'everruns-mask').hex(7), 16);

  const toRow = (own: readonly EverrunsAgent[], createdMicros: number, row: number): EverrunsRow => {
    const agent = agentOf(own, createRandom(seed, 'everruns-agent', row));
    const millis = Math.floor(createdMicros / 1000)
      .toString(16)
      .padStart(12, '0');
    const random = createRandom(seed, 'everruns-id', row);
    const id = `session_${millis}7${random.hex(3)}8${random.hex(7)}${(row ^ mask).toString(16).padStart(8, '0')}`;
    const read = () =>
      toSession({ random: createRandom(seed, 'everruns-session', row), id, agent, createdMicros, models });
    return { id, org: agent.org, agentId: agent.id, createdMicros, read };
  };
  const firstTimes = creationTimes(options.sessions, createRandom(seed, 'everruns-times'), granularities);
  const secondTimes = creationTimes(extra, createRandom(seed, 'everruns-second-times'), granularities);
  const sessions = [
    ...Array.from(firstTimes, (micros, index) => toRow(first, micros, index)),
    ...Array.from(secondTimes, (micros, index) => toRow(second, micros, firstTimes.length + index)),
  ];
  const plots = castPlots(sessions, plotsWithoutEnding, ({ org, read }) => {
    if (org !== defaultOrg) return null;
    const { id, status, outputPreview, createdMicros, updatedMicros } = read();
    const isQuiet = status === 'idle' && updatedMicros - createdMicros > 3600 * microsPerSecond;
    return isQuiet && outputPreview !== null ? id : null;
  });
  return { agents: [...first, ...second], sessions, plots, dialogues: new Map() };
}

/** The first agents have the most sessions. */
function agentOf(own: readonly EverrunsAgent[], random: Random): EverrunsAgent {
  return own[Math.floor(random.next() ** 1.6 * own.length)] ?? random.pick(own);
}

export function modelId(seed: number, index: number): string {
  return `model_${createRandom(seed, 'model', index).hex(32)}`;
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
  const status = random.pick(statuses);
  // Whoever works or waits was asked for it.
  const silent =
    status === 'started' || (random.chance(0.05) && status !== 'active' && status !== 'waitingfortoolresults');
  const activity = Math.min(createdMicros + random.below(4 * 86_400) * microsPerSecond, nowMicros - 1);
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
    tags: tags.filter(() => random.chance(0.15)),
    modelId: random.chance(0.25) ? null : random.pick(models),
    capabilities: capabilities.filter(() => random.chance(0.2)),
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
      modelId: random.chance(0.3) ? null : modelId(seed, random.below(4)),
      tags: tags.filter(() => random.chance(0.1)),
      archived: count >= 4 && index % 5 === 3,
      createdMicros: nowMicros - (740 + index) * 86_400 * microsPerSecond - random.below(1_000_000),
      profile,
    };
  });
}
