import { type AgentProfile, agentProfile } from './agent-profiles.ts';
import { isSince } from './agentscope-dialect.ts';
import { creationTimes, microsPerSecond, naiveLocal, nowMicros } from './clock.ts';
import type { Dialogue } from './dialogue.ts';
import type { ModelOptions } from './platform.ts';
import { castPlots, type Plot, plotsWithoutEnding } from './plots.ts';
import { createRandom, type Random } from './random.ts';
import { longTitle, storyOf } from './stories.ts';

export interface ScopeAgent {
  readonly id: string;
  /** A second id inside `data` that means nothing. */
  readonly dataId: string;
  readonly user: string;
  readonly source: 'user' | 'team';
  readonly name: string;
  readonly systemPrompt: string;
  readonly createdMicros: number;
  readonly profile: AgentProfile;
}

export type SessionSource = 'user' | 'schedule' | 'channel' | 'team' | 'sop';

export interface ScopeSession {
  readonly id: string;
  readonly user: string;
  readonly agentId: string;
  readonly createdMicros: number;
  readonly updatedMicros: number;
  readonly source: SessionSource;
  readonly teamId: string | null;
  readonly name: string;
  readonly workspaceId: string;
  readonly model: string | null;
  readonly fallbackModel: string | null;
  readonly status: string;
}

export interface ScopeTeam {
  readonly id: string;
  readonly user: string;
  readonly leaderSessionId: string;
  readonly name: string;
  readonly description: string;
  readonly memberIds: readonly string[];
  readonly createdMicros: number;
}

export interface AgentScopeStore {
  readonly agents: ScopeAgent[];
  /** Newest first. */
  readonly sessions: ScopeSession[];
  readonly teams: readonly ScopeTeam[];
  /** By session: conversations that go another way than most. */
  readonly plots: ReadonlyMap<string, Plot>;
  /** By session: conversations that were not seeded. */
  readonly dialogues: Map<string, Dialogue>;
}

const hour = 3600 * microsPerSecond;

const teamTexts = [
  { name: 'Release crew', description: 'Prepares, writes and publishes each release.' },
  { name: 'Incident response', description: 'Finds the cause, mends it and tells the customers.' },
  { name: 'Market research', description: 'Collects sources, compares and writes the summary.' },
] as const;
const models = ['qwen3-max', 'gpt-4.1', 'claude-sonnet-4-5', 'deepseek-chat'] as const;
const statuses = [
  ...Array<string>(16).fill('idle'),
  ...['running', 'running', 'awaiting_permission', 'awaiting_external_result'],
] as const;

export function scopeAgent(seed: number, index: number, user: string, source: 'user' | 'team'): ScopeAgent {
  const random = createRandom(seed, 'agentscope-agents', index);
  const profile = agentProfile(index, seed * 5);
  return {
    id: random.hex(32),
    dataId: random.hex(32),
    user,
    source,
    name: profile.name,
    systemPrompt: `You are ${profile.name}. ${profile.instructions}`,
    createdMicros: nowMicros - (731 + index) * 86_400 * microsPerSecond + random.below(1_000_000),
    profile,
  };
}

export function seedAgentScope(options: ModelOptions): AgentScopeStore {
  const { seed, users, sessions: count, dialect } = options;
  const withTeams = dialect !== '2.0.0' && options.agents >= 4;
  const workerCount = withTeams ? Math.min(7, Math.floor(options.agents / 2)) : 0;
  const [firstUser = 'alice', ...otherUsers] = users;
  const owners = otherUsers.slice(0, Math.max(0, options.agents - workerCount - 1));
  const agents = Array.from({ length: options.agents }, (_, index) => {
    const isWorker = index >= options.agents - workerCount;
    const other = isWorker ? undefined : owners[options.agents - workerCount - 1 - index];
    return scopeAgent(seed, index, other ?? firstUser, isWorker ? 'team' : 'user');
  });
  const workers = agents.filter(({ source }) => source === 'team');
  const leaders = agents.filter(({ source, user }) => source === 'user' && user === firstUser);
  const times = creationTimes(count, createRandom(seed, 'agentscope-times'), [1, 1, 1, 1, 1, 1, 1, microsPerSecond]);

  const plain = [...times].map((createdMicros, index) => {
    const random = createRandom(seed, 'agentscope-session', index);
    const user = random.chance(0.8) ? firstUser : random.pick([firstUser, ...owners]);
    const own = agents.filter((agent) => agent.user === user && agent.source === 'user');
    return scopeSession({ random, agent: random.pick(own), createdMicros, options });
  });
  const { sessions, teams } = formTeams({ seed, sessions: plain, leaders, workers, dialect });
  const plots = castPlots(sessions, plotsWithoutEnding, (session) => {
    const isQuiet = session.status === 'idle' && session.updatedMicros - session.createdMicros > hour;
    return isQuiet && session.user === firstUser ? session.id : null;
  });
  return { agents, sessions, teams, plots, dialogues: new Map() };
}

interface TeamParts {
  readonly seed: number;
  readonly sessions: readonly ScopeSession[];
  readonly leaders: readonly ScopeAgent[];
  readonly workers: readonly ScopeAgent[];
  readonly dialect: string | null;
}

/**
 * Makes teams of some sessions: one of the leader, and just after it two for each member but the last of the first team.
 * A worker's sessions are reachable only through its team, so no other session is given to a worker.
 */
function formTeams({
  seed,
  sessions,
  leaders,
  workers,
  dialect,
}: TeamParts): Pick<AgentScopeStore, 'sessions' | 'teams'> {
  const teamCount = Math.min(teamTexts.length, Math.ceil(workers.length / 3), Math.floor(sessions.length / 12));
  const result = [...sessions];
  const teams: ScopeTeam[] = [];
  for (let at = 0; at < teamCount; at += 1) {
    const random = createRandom(seed, 'agentscope-team', at);
    const id = random.hex(32);
    const members = workers.filter((_, index) => index % teamCount === at);
    const slot = Math.floor((sessions.length * (at + 1)) / (teamCount + 1));
    const leader = leaders[at % leaders.length];
    const leaderSession = result[slot];
    const texts = teamTexts[at];
    if (leader === undefined || leaderSession === undefined || texts === undefined) continue;
    result[slot] = { ...leaderSession, user: leader.user, agentId: leader.id, teamId: id, name: texts.name };
    const withSession = at === 0 && members.length > 1 ? members.slice(0, -1) : members;
    for (const [index, member] of [...withSession, ...withSession].entries()) {
      const session = result[slot - 1 - index];
      if (session === undefined) continue;
      const name = `${texts.name}: ${member.name}`;
      const source = isSince(dialect, '2.0.10') ? 'team' : session.source;
      result[slot - 1 - index] = { ...session, user: member.user, agentId: member.id, teamId: id, name, source };
    }
    teams.push({
      id,
      user: leader.user,
      leaderSessionId: leaderSession.id,
      ...texts,
      memberIds: [...members.map((member) => member.id), ...(at === 0 ? ['ghost'] : [])],
      createdMicros: leaderSession.createdMicros + 2_411,
    });
  }
  const gone = Math.floor(sessions.length / 5);
  const orphan = result[gone];
  if (teamCount > 0 && orphan !== undefined && orphan.teamId === null) {
    result[gone] = { ...orphan, teamId: createRandom(seed, 'agentscope-gone-team').hex(32) };
  }
  return { sessions: result, teams };
}

interface SessionInput {
  readonly random: Random;
  readonly agent: ScopeAgent;
  readonly createdMicros: number;
  readonly options: ModelOptions;
}

export function scopeSession({ random, agent, createdMicros, options }: SessionInput): ScopeSession {
  const id = random.hex(32);
  const { topic } = agent.profile;
  const story = storyOf(topic, createRandom('agentscope-story', id));
  const kind = random.next();
  const unnamed = naiveLocal(createdMicros, options.timezoneOffsetMinutes).slice(0, 19).replace('T', ' ');
  const title = random.chance(0.015) ? longTitle(story, 300) : story.title;
  const activity = createdMicros + random.below(2 * 86_400 * microsPerSecond);
  return {
    id,
    user: agent.user,
    agentId: agent.id,
    createdMicros,
    updatedMicros: random.chance(0.3) ? createdMicros - random.below(4) : Math.min(activity, nowMicros),
    source: sourceOf(kind, options),
    teamId: null,
    name: random.chance(0.12) ? unnamed : title,
    workspaceId: random.chance(0.2) ? `ws-${topic}` : random.hex(isSince(options.dialect, '2.0.6') ? 16 : 32),
    model: random.chance(0.15) ? null : random.pick(models),
    fallbackModel: random.chance(0.8) ? null : random.pick(models),
    status: random.pick(statuses),
  };
}

/** `kind` is a number from 0 to below 1. */
function sourceOf(kind: number, { dialect }: ModelOptions): SessionSource {
  if (kind < 0.85) return 'user';
  if (isSince(dialect, '2.0.10') && kind < 0.9) return 'sop';
  return kind < 0.97 || !isSince(dialect, '2.0.6') ? 'schedule' : 'channel';
}
