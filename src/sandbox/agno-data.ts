import { agentProfile } from './agent-profiles.ts';
import { creationTimes, microsPerSecond, nowMicros } from './clock.ts';
import type { Dialogue } from './dialogue.ts';
import type { JsonObject } from './json.ts';
import type { ModelOptions } from './platform.ts';
import { castPlots, type Plot } from './plots.ts';
import { createRandom, type Random } from './random.ts';
import { longTitle, type Story, storyOf, type Topic } from './stories.ts';

const databaseId = 'db-1';

export type ComponentKind = 'agent' | 'team' | 'workflow';

/** Stored as one JSON column. */
export interface AgnoSessionData extends JsonObject {
  readonly session_name?: string;
  readonly session_state?: JsonObject;
  readonly session_metrics?: JsonObject;
}

export interface AgnoRun {
  readonly question: string;
  readonly answer: string;
  /** What each of the two messages has beside its content. */
  readonly asked: JsonObject;
  readonly answered: JsonObject;
}

/** A row of the sessions table. Times are Unix seconds. */
export interface AgnoSession {
  readonly id: string;
  readonly kind: ComponentKind;
  readonly componentId: string | null;
  readonly user: string | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly sessionData: AgnoSessionData | null;
  readonly metadata: JsonObject | null;
  readonly summary: JsonObject | null;
  /** The first run, from which a missing name is derived and which a detail shows as history. */
  readonly run: AgnoRun | null;
  readonly workflowName: string | null;
}

export interface AgnoComponent {
  readonly kind: ComponentKind;
  readonly id: string;
  readonly name: string;
  readonly database: string;
  readonly description: string | null;
  readonly role: string | null;
  readonly instructions: string;
  readonly topic: Topic;
  readonly mode: string;
  /** A team's members; a workflow's steps. They need not be registered by themselves. */
  readonly parts: readonly AgnoComponent[];
}

export interface AgnoStore {
  /** Agents, teams and workflows lie in one of these, and sessions with theirs. */
  readonly databases: string[];
  /** Registered ones, in registration order. */
  readonly components: AgnoComponent[];
  /** Oldest insertion first, as the table keeps them. */
  readonly sessions: AgnoSession[];
  /** By session: conversations that go another way than most. */
  readonly plots: ReadonlyMap<string, Plot>;
  /** By session: conversations that were not seeded. */
  readonly dialogues: Map<string, Dialogue>;
}

const wantedPlots: readonly Plot[] = [
  { course: 'lookup', ending: null },
  { course: 'failure', ending: null },
  { course: 'plain', ending: 'unapproved' },
  { course: 'reasoning', ending: null },
  { course: 'image', ending: null },
  { course: 'long', ending: null },
  { course: 'lookup', ending: 'running' },
  { course: 'follow-ups', ending: 'replaced' },
  { course: 'plain', ending: 'failed' },
  { course: 'inline-image', ending: null },
  { course: 'denial', ending: null },
  { course: 'redacted', ending: null },
  { course: 'plain', ending: 'cancelled' },
  { course: 'search', ending: 'external' },
];

export function agnoAgent(index: number, id?: string, name?: string): AgnoComponent {
  const profile = agentProfile(index);
  return {
    kind: 'agent',
    id: id ?? profile.slug,
    name: name ?? profile.name,
    database: databaseId,
    description: profile.description,
    role: index % 2 === 0 ? `Handles ${profile.topic} questions` : null,
    instructions: profile.instructions,
    topic: profile.topic,
    mode: '',
    parts: [],
  };
}

export function agnoGroup(
  kind: 'team' | 'workflow',
  id: string,
  name: string,
  parts: readonly AgnoComponent[],
  description: string | null = null,
): AgnoComponent {
  const topic = parts[0]?.topic ?? 'support';
  const instructions = 'Delegate each question to the member that knows most.';
  return {
    kind,
    id,
    name,
    database: databaseId,
    description,
    role: null,
    instructions,
    topic,
    mode: 'coordinate',
    parts,
  };
}

function components(agentCount: number): AgnoComponent[] {
  const agents = Array.from({ length: agentCount }, (_, index) => agnoAgent(index + 4));
  if (agentCount < 3) return agents;
  const factChecker = agnoAgent(14, 'fact-checker', 'Fact Checker');
  const translator = agnoAgent(9, 'translator', 'Translator');
  const desk = agnoGroup('team', 'localization-desk', 'Localization Desk', [translator, factChecker]);
  const [first = translator, second = factChecker, third = translator] = agents;
  return [
    ...agents,
    agnoGroup('team', 'customer-care', 'Customer Care', [first, second], 'First answer to every customer.'),
    agnoGroup('team', 'content-studio', 'Content Studio', [third, factChecker, desk], 'Writes, checks and translates.'),
    agnoGroup('team', 'duty-desk', 'Duty Desk', []),
    agnoGroup('workflow', 'weekly-report', 'Weekly Report', [third, factChecker], 'Every Friday at 16:00.'),
    agnoGroup('workflow', 'contract-intake', 'Contract Intake', [first]),
  ];
}

export function seedAgno(options: ModelOptions): AgnoStore {
  const { seed, users } = options;
  const registered = components(options.agents);
  const gone = [
    agnoAgent(8, 'legacy-faq-bot', 'Legacy FAQ Bot'),
    agnoGroup('team', 'beta-testers', 'Beta Testers', []),
  ];
  const times = creationTimes(options.sessions, createRandom(seed, 'agno-times'), [microsPerSecond]);
  const oldestFirst = [...times].reverse();
  const sessions = oldestFirst.map((micros, index) => {
    const random = createRandom(seed, 'agno-session', index);
    const known = registered[Math.floor(random.next() ** 1.3 * registered.length)];
    const component = options.sessions >= 20 && random.chance(0.04) ? random.pick(gone) : known;
    if (component === undefined) throw new Error('Agno sessions need a component.');
    const createdAt = options.sessions >= 20 && random.chance(0.02) ? null : micros / microsPerSecond;
    const user = random.chance(0.07) ? null : random.pick(users);
    return agnoSession({ random, component, createdAt, user });
  });
  // 2.3 cannot replace a run.
  const wanted = wantedPlots.filter(({ ending }) => ending !== 'replaced' || options.dialect !== '2.3');
  const plots = castPlots(sessions.toReversed(), wanted, (session) => {
    const life = (session.updatedAt ?? 0) - (session.createdAt ?? 0);
    return session.run !== null && session.kind === 'agent' && life > 3600 ? session.id : null;
  });
  return { databases: [databaseId], components: registered, sessions, plots, dialogues: new Map() };
}

interface SessionInput {
  readonly random: Random;
  readonly component: AgnoComponent;
  readonly createdAt: number | null;
  readonly user: string | null;
}

export function agnoSession({ random, component, createdAt, user }: SessionInput): AgnoSession {
  const { topic } = component;
  const story = storyOf(topic, random);
  const naming = random.next();
  const name = naming < 0.7 ? story.title : naming < 0.72 ? longTitle(story, 300) : null;
  const hasRun = random.chance(name === null ? 0.75 : 0.6);
  const tokens = { input_tokens: 120 + random.below(9_000), output_tokens: 20 + random.below(2_000) };
  const metrics = { ...tokens, total_tokens: tokens.input_tokens + tokens.output_tokens };
  const state = random.chance(0.35)
    ? { stage: random.pick(['open', 'waiting', 'done']), reviewer: null, attempts: random.below(4) }
    : null;
  const sessionData = {
    ...(name === null ? {} : { session_name: name }),
    ...(state === null ? {} : { session_state: state }),
    ...(hasRun ? { session_metrics: metrics } : {}),
  };
  const updatedAt = createdAt === null ? null : Math.min(createdAt + random.below(86_400), nowMicros / microsPerSecond);
  const id = random.chance(0.12) ? `${topic}:${1000 + random.below(9000)}-${random.hex(6)}` : random.uuid();
  const componentId = random.chance(0.02) ? null : component.id;
  return {
    id,
    kind: component.kind,
    componentId,
    user,
    createdAt,
    updatedAt,
    sessionData: Object.keys(sessionData).length === 0 ? null : sessionData,
    metadata: random.chance(0.3) ? { channel: random.pick(['web', 'slack', 'email']), ticket: null } : null,
    // Workflow sessions have no column for one.
    summary:
      hasRun && random.chance(0.3) && component.kind !== 'workflow' ? { summary: story.answer, topics: [topic] } : null,
    // What belongs to no component was made by a request, and nothing ever ran in it.
    run: hasRun && componentId !== null ? agnoRun(story, { user, metrics }) : null,
    workflowName: component.kind === 'workflow' ? component.name : null,
  };
}

/** Only what a platform keeps is there: a name where the user is known, a picture where one was sent. */
function agnoRun(
  story: Story,
  { user, metrics }: { readonly user: string | null; readonly metrics: JsonObject },
): AgnoRun {
  const { question, answer } = story;
  const picture = { images: [{ id: 'img-1', url: 'https://files.example/receipt.png' }] };
  const file = { files: [{ id: 'file-1', url: 'https://files.example/invoice.pdf' }] };
  return {
    question,
    answer,
    asked: { ...(user === null ? {} : { name: user }), ...(question.length % 2 === 0 ? picture : file) },
    answered: { reasoning_content: `The question is: ${question}`, provider_data: { id: 'resp_1' }, metrics },
  };
}
