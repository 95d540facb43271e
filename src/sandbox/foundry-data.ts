import { agentProfile } from './agent-profiles.ts';
import { creationTimes, microsPerSecond, nowMicros } from './clock.ts';
import type { Dialogue } from './dialogue.ts';
import type { ModelOptions } from './platform.ts';
import { castPlots, type Plot } from './plots.ts';
import { createRandom, type Random } from './random.ts';
import type { Topic } from './stories.ts';

/** All times are Unix seconds. */
export interface FoundrySession {
  readonly id: string;
  readonly agent: string;
  readonly owner: string;
  readonly version: string;
  readonly status: string;
  readonly createdAt: number;
  readonly lastAccessedAt: number;
  readonly stoppedAt: number | null;
}

export interface FoundryVersion {
  readonly version: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly createdAt: number;
  readonly status: string;
}

export interface FoundryAgent {
  readonly name: string;
  readonly kind: string;
  readonly model: string;
  readonly instructions: string;
  readonly topic: Topic;
  readonly createdAt: number;
  /** Oldest first; a deleted version is missing. */
  readonly versions: readonly FoundryVersion[];
  /** Also the versions that were deleted since: sessions still refer to them. */
  readonly everPublished: number;
}

export interface FoundryStore {
  readonly agents: FoundryAgent[];
  /** Newest first. */
  readonly sessions: FoundrySession[];
  /** By agent and session: conversations that go another way than most. */
  readonly plots: ReadonlyMap<string, Plot>;
  /** By agent and session: conversations that were not seeded. */
  readonly dialogues: Map<string, Dialogue>;
}

/** A session's id is unique within its agent only. */
export function sessionKey({ agent, id }: Pick<FoundrySession, 'agent' | 'id'>): string {
  return `${agent}/${id}`;
}

const wantedPlots: readonly Plot[] = [
  ...(['lookup', 'failure', 'denial', 'reasoning', 'redacted', 'image', 'inline-image', 'search'] as const).map(
    (course) => ({ course, ending: null }),
  ),
  ...(['refusal', 'follow-ups', 'long'] as const).map((course) => ({ course, ending: null })),
  { course: 'plain', ending: 'unapproved' },
  { course: 'lookup', ending: 'external' },
  { course: 'plain', ending: 'cancelled' },
];

const now = nowMicros / microsPerSecond;
const day = 86_400;
const statuses = [
  ...['Idle', 'Idle', 'Idle', 'Idle', 'idle', 'idle', 'idle', 'Active', 'Active', 'active'],
  ...['creating', 'updating', 'failed', 'Deleted', 'deleted', 'expired', 'expired', 'hibernating'],
] as const;

export function foundryAgent(index: number, seed: number, kind: string, name?: string): FoundryAgent {
  const random = createRandom(seed, 'foundry-agents', index);
  const profile = agentProfile(index);
  const createdAt = now - (735 + index) * day - random.below(day);
  const everPublished = 1 + random.below(5);
  const versions = Array.from({ length: everPublished }, (_, at) => ({
    version: String(at + 1),
    description: at === 0 && random.chance(0.3) ? null : profile.description,
    metadata: random.chance(0.3) ? null : { team: profile.topic, tier: random.pick(['core', 'pilot']) },
    createdAt: createdAt + at * 40 * day,
    status: 'active',
  }));
  return {
    name: name ?? profile.slug,
    kind,
    model: random.pick(['gpt-4.1', 'gpt-5-mini', 'o4-mini']),
    instructions: profile.instructions,
    topic: profile.topic,
    createdAt,
    versions: everPublished >= 3 ? versions.filter(({ version }) => version !== '2') : versions,
    everPublished,
  };
}

export function seedFoundry(options: ModelOptions): FoundryStore {
  const { seed, users } = options;
  const agents = Array.from({ length: options.agents }, (_, index) =>
    foundryAgent(index, seed, options.agents >= 3 && index % 4 === 2 ? 'prompt' : 'hosted'),
  );
  const hosted = agents.filter(({ kind }) => kind === 'hosted');
  const times = creationTimes(options.sessions, createRandom(seed, 'foundry-times'), [microsPerSecond]);
  const importedAt = times[Math.floor(options.sessions / 3)];
  const sessions: FoundrySession[] = [];
  for (const [index, micros] of times.entries()) {
    const random = createRandom(seed, 'foundry-session', index);
    // The big import went to one agent, so that a single feed has a tie group larger than a page.
    const agent = micros === importedAt ? hosted[0] : hosted[Math.floor(random.next() ** 1.5 * hosted.length)];
    if (agent === undefined) throw new Error('Foundry sessions need a hosted agent.');
    const session = foundrySession({ random, agent, createdAt: micros / microsPerSecond, owner: random.pick(users) });
    const twin = sessions.findLast((other) => other.agent !== agent.name);
    const sharesId = index % 41 === 40 && twin !== undefined;
    const taken = sharesId && sessions.some((other) => other.agent === agent.name && other.id === twin.id);
    sessions.push(sharesId && !taken ? { ...session, id: twin.id } : session);
  }
  const plots = castPlots(sessions, wantedPlots, (session) => {
    const isQuiet = /^idle$/i.test(session.status) && session.lastAccessedAt - session.createdAt > 3600;
    return isQuiet ? sessionKey(session) : null;
  });
  return { agents, sessions, plots, dialogues: new Map() };
}

interface SessionInput {
  readonly random: Random;
  readonly agent: FoundryAgent;
  readonly createdAt: number;
  readonly owner: string;
}

export function foundrySession({ random, agent, createdAt, owner }: SessionInput): FoundrySession {
  const status = random.pick(statuses);
  const isOld = createdAt < now - 35 * day;
  const lastAccessedAt = Math.min(now - 1, createdAt + random.below(3 * day));
  const settled = /^(active|creating|updating)$/i.test(status) && isOld ? 'Idle' : status;
  return {
    id: random.chance(0.15)
      ? `${agent.name.split('-')[0]}-run-${10_000 + random.below(90_000)}-${random.hex(4)}`
      : random.hex(32),
    agent: agent.name,
    owner,
    version: String(1 + random.below(agent.everPublished)),
    status: settled,
    createdAt,
    lastAccessedAt,
    stoppedAt: /^idle$/i.test(settled) ? Math.min(now, lastAccessedAt + 900) : null,
  };
}
