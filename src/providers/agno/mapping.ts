import { UpstreamError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import type {
  AgentRecord,
  EntityRef,
  SessionKind,
  SessionRecord,
  TeamMemberRecord,
  TeamRecord,
  WorkflowRecord,
} from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import {
  complete,
  detail,
  entity,
  type FieldShape,
  flag,
  float,
  int,
  json,
  type ObjectShape,
  object,
  objects,
  text,
} from '../shape.ts';
import { toInstant } from './instant.ts';
import { type Message, messageShape, toMessage } from './message.ts';
import * as wire from './wire.ts';

export interface AgnoSessionNative {
  readonly agentId: string | null;
  readonly teamId: string | null;
  readonly workflowId: string | null;
  readonly sessionState: unknown;
  readonly sessionSummary: unknown;
  readonly metrics: unknown;
  readonly totalTokens: number | null;
  readonly metadata: unknown;
  readonly agentData: unknown;
  readonly teamData: unknown;
  readonly workflowData: unknown;
  readonly workflowName: string | null;
  readonly sessionData: unknown;
  readonly chatHistory: readonly Message[];
}

/** What agents and teams have alike. */
interface ComponentNative {
  readonly dbId: string | null;
  readonly role: string | null;
  readonly modelConfig: ModelConfig | null;
  readonly tools: Tools | null;
  readonly sessionSettings: unknown;
  readonly knowledge: unknown;
  readonly memory: unknown;
  readonly reasoning: unknown;
  readonly defaultTools: unknown;
  readonly systemMessage: unknown;
  readonly responseSettings: unknown;
  readonly introduction: string | null;
  readonly streaming: unknown;
  readonly metadata: unknown;
  readonly inputSchema: unknown;
  readonly factoryInputSchema: unknown;
  readonly isFactory: boolean | null;
  readonly isComponent: boolean | null;
  readonly currentVersion: number | null;
  readonly stage: string | null;
  readonly sandboxed: boolean | null;
}

export interface AgnoAgentNative extends ComponentNative {
  readonly filesystem: boolean | null;
  readonly extraMessages: unknown;
}

export interface AgnoTeamNative extends ComponentNative {
  readonly model: string | null;
  readonly mode: string | null;
}

interface ModelConfig {
  readonly name: string | null;
  readonly model: string | null;
  readonly provider: string | null;
}

interface Tools {
  readonly tools: readonly unknown[];
  readonly toolCallLimit: number | null;
  readonly toolChoice: unknown;
}

export interface AgnoWorkflowNative {
  readonly dbId: string | null;
  readonly inputSchema: unknown;
  readonly steps: readonly Step[];
  readonly metadata: unknown;
  readonly workflowAgent: boolean | null;
  readonly factoryInputSchema: unknown;
  readonly isFactory: boolean | null;
  readonly isComponent: boolean | null;
  readonly currentVersion: number | null;
  readonly stage: string | null;
  readonly sandboxed: boolean | null;
}

interface Step {
  readonly name: string | null;
  readonly type: string | null;
  readonly agent: EntityRef | null;
  readonly team: EntityRef | null;
  readonly steps: readonly unknown[];
  readonly elseSteps: readonly unknown[];
  readonly definition: unknown;
}

export type AgnoSessionRecord = SessionRecord<AgnoSessionNative>;
export type AgnoAgentRecord = AgentRecord<AgnoAgentNative>;
export type AgnoTeamRecord = TeamRecord<AgnoTeamNative>;
export type AgnoWorkflowRecord = WorkflowRecord<AgnoWorkflowNative>;

/** What a list was asked for, null where it was for any: all there is to know of rows that do not tell themselves. */
export interface Listing {
  readonly sourceId: string;
  readonly kind: SessionKind | null;
  readonly componentId: string | null;
  readonly userId: string | null;
}

/** A row of a list. */
export function toSession(row: wire.Session, listing: Listing): AgnoSessionRecord {
  const { sourceId, kind, componentId } = listing;
  if (row.session_type !== null) return toSingleSession(row, toKind(row), sourceId);
  // Only a server of another version than was found out answers all types and does not tell which.
  if (kind === null) throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE');
  const ids = {
    user_id: row.user_id ?? listing.userId,
    agent_id: kind === 'AGENT' ? componentId : null,
    team_id: kind === 'TEAM' ? componentId : null,
    workflow_id: kind === 'WORKFLOW' ? componentId : null,
  };
  return { ...toSingleSession({ ...row, ...ids }, kind, sourceId), complete: false };
}

/** A session that tells everything itself but, when it was asked for alone, its kind. */
export function toSingleSession(row: wire.Session, kind: SessionKind, sourceId: string): AgnoSessionRecord {
  const createdAt = toSessionTime(row.created_at);
  const metrics = metricsOf(row);
  return {
    sourceId,
    provider: 'agno',
    key: encodeKey(toType(kind), row.session_id),
    nativeId: row.session_id,
    kind,
    title: row.session_name,
    preview: null,
    // The platform keeps no status of a session, only of its runs.
    status: 'UNKNOWN',
    nativeStatus: null,
    createdAt,
    // A session read alone tells its creation where no change was stored, a list then tells nothing.
    updatedAt: toSessionTime(row.updated_at) ?? createdAt,
    userId: row.user_id,
    agentKey: toKey(row.agent_id),
    teamKey: toKey(row.team_id),
    workflowKey: toKey(row.workflow_id),
    tags: [],
    complete: true,
    row: {
      agentId: row.agent_id,
      teamId: row.team_id,
      workflowId: row.workflow_id,
      sessionState: row.session_state,
      sessionSummary: row.session_summary,
      metrics,
      totalTokens: row.total_tokens ?? wire.tokenCounts.safeParse(metrics).data?.total_tokens ?? null,
      metadata: row.metadata,
      agentData: row.agent_data,
      teamData: row.team_data,
      workflowData: row.workflow_data,
      workflowName: row.workflow_name,
      sessionData: row.session_data,
      chatHistory: (row.chat_history ?? []).map(toMessage),
    },
  };
}

/** Lists omit what was never counted, where a session read alone has an empty object; of workflows it has neither. */
function metricsOf({ metrics, session_data: data }: wire.Session): unknown {
  const counted = metrics ?? wire.sessionData.safeParse(data).data?.session_metrics ?? null;
  return isEmptyObject(counted) ? null : counted;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** The platform takes 0 for no time, except in lists. */
function toSessionTime(time: string | number | null): Instant | null {
  const instant = toInstant(time);
  return instant?.micros === 0 ? null : instant;
}

/** The kind of a session that was read alone without saying of which kind it is, by the shape of the answer. */
export function kindOfShape(row: wire.Session): SessionKind {
  if (row.agent_session_id !== null) return 'AGENT';
  return row.chat_history === null ? 'WORKFLOW' : 'TEAM';
}

export function toType(kind: SessionKind): string {
  return kind.toLowerCase();
}

/** Null when there is no such type. */
export function fromType(type: string): SessionKind | null {
  switch (type) {
    case 'agent':
      return 'AGENT';
    case 'team':
      return 'TEAM';
    case 'workflow':
      return 'WORKFLOW';
    default:
      return null;
  }
}

/** A type of a later version is read by what it belongs to. */
function toKind(row: wire.Session): SessionKind {
  const kind = row.session_type === null ? null : fromType(row.session_type);
  return kind ?? (row.workflow_id !== null ? 'WORKFLOW' : row.team_id !== null ? 'TEAM' : 'AGENT');
}

/** Null when nothing names it: nothing could refer to it either. */
export function toAgent(row: wire.Component, sourceId: string): AgnoAgentRecord | null {
  const nativeId = idOf(row);
  if (nativeId === null) return null;
  return {
    sourceId,
    provider: 'agno',
    key: encodeKey(nativeId),
    nativeId,
    name: row.name,
    description: row.description,
    model: row.model?.model ?? null,
    createdAt: null,
    row: { ...toComponentNative(row), extraMessages: row.extra_messages, filesystem: row.filesystem },
  };
}

/** Null when nothing names it: nothing could refer to it either. */
export function toTeam(row: wire.Component, sourceId: string): AgnoTeamRecord | null {
  const nativeId = idOf(row);
  if (nativeId === null) return null;
  return {
    sourceId,
    provider: 'agno',
    key: encodeKey(nativeId),
    nativeId,
    name: row.name,
    description: row.description,
    createdAt: null,
    // The team itself leads, by its own model and instructions.
    leader: null,
    members: (row.members ?? []).map((member) => toMember(member, sourceId)).filter((member) => member !== null),
    row: { ...toComponentNative(row), model: row.model?.model ?? null, mode: row.mode },
  };
}

function toMember(row: wire.Component, sourceId: string): TeamMemberRecord | null {
  const agent = isTeam(row) ? null : toAgent(row, sourceId);
  const team = isTeam(row) ? toTeam(row, sourceId) : null;
  return agent === null && team === null ? null : { agent, team, session: null };
}

/** Agents have neither; a team without members has still a mode, but for the versions that do not tell it. */
function isTeam(row: wire.Component): boolean {
  return row.mode !== null || (row.members ?? null) !== null;
}

/** What is embedded may lack its id: then it is the one that the platform itself makes of the name. */
function idOf({ id, name }: wire.Component): string | null {
  return id ?? name?.toLowerCase().replaceAll(/[ _]/g, '-') ?? null;
}

function toComponentNative(row: wire.Component): ComponentNative {
  const { model, tools } = row;
  return {
    dbId: row.db_id,
    role: row.role,
    modelConfig: model === null ? null : { name: model.name, model: model.model, provider: model.provider },
    tools:
      tools === null
        ? null
        : { tools: tools.tools, toolCallLimit: tools.tool_call_limit, toolChoice: tools.tool_choice },
    sessionSettings: row.sessions,
    knowledge: row.knowledge,
    memory: row.memory,
    reasoning: row.reasoning,
    defaultTools: row.default_tools,
    systemMessage: row.system_message,
    responseSettings: row.response_settings,
    introduction: row.introduction,
    streaming: row.streaming,
    metadata: row.metadata,
    inputSchema: row.input_schema,
    factoryInputSchema: row.factory_input_schema,
    isFactory: row.is_factory,
    isComponent: row.is_component,
    currentVersion: row.current_version,
    stage: row.stage,
    sandboxed: row.sandboxed,
  };
}

export function toWorkflow(row: wire.Workflow, sourceId: string): AgnoWorkflowRecord {
  return {
    sourceId,
    provider: 'agno',
    key: encodeKey(row.id),
    nativeId: row.id,
    name: row.name,
    description: row.description,
    row: {
      dbId: row.db_id,
      inputSchema: row.input_schema,
      steps: row.steps.map((step) => toStep(step, sourceId)),
      metadata: row.metadata,
      workflowAgent: row.workflow_agent,
      factoryInputSchema: row.factory_input_schema,
      isFactory: row.is_factory,
      isComponent: row.is_component,
      currentVersion: row.current_version,
      stage: row.stage,
      sandboxed: row.sandboxed,
    },
  };
}

function toStep(sent: unknown, sourceId: string): Step {
  const { data: row } = wire.step.safeParse(sent);
  return {
    name: row?.name ?? null,
    type: row?.type ?? null,
    agent: toRef(toNativeId(row?.agent), sourceId),
    team: toRef(toNativeId(row?.team), sourceId),
    steps: row?.steps ?? [],
    elseSteps: row?.else_steps ?? [],
    definition: sent,
  };
}

/** The agents and teams embedded in steps, however deep: the platform may show them nowhere else. */
export function membersOf(steps: readonly unknown[], sourceId: string): readonly TeamMemberRecord[] {
  return steps.flatMap((sent): readonly TeamMemberRecord[] => {
    const { data: row } = wire.step.safeParse(sent);
    if (row === undefined) return [];
    const agent = row.agent === null ? null : toAgent(row.agent, sourceId);
    const team = row.team === null ? null : toTeam(row.team, sourceId);
    return [{ agent, team, session: null }, ...membersOf(row.steps, sourceId), ...membersOf(row.else_steps, sourceId)];
  });
}

function toNativeId(row: wire.Component | null | undefined): string | null {
  return row === null || row === undefined ? null : idOf(row);
}

function toKey(nativeId: string | null): string | null {
  return nativeId === null ? null : encodeKey(nativeId);
}

function toRef(nativeId: string | null, sourceId: string): EntityRef | null {
  return nativeId === null ? null : { sourceId, key: encodeKey(nativeId) };
}

const onlyAlone = 'In lists it costs a request for each session.';

export const sessionShape: ObjectShape<AgnoSessionRecord> = {
  name: 'AgnoSession',
  description:
    'A session of an Agno agent, team or workflow. The platform keeps no status of it. What its lists leave out is asked ' +
    'for session by session when it is selected; lists of servers before version 2.6 leave out all but name, state and times.',
  fields: {
    agentId: complete(text('The id of the agent, even when the agent is gone.', ({ row }) => row.agentId)),
    teamId: complete(text('The id of the team, even when the team is gone.', ({ row }) => row.teamId)),
    workflowId: complete(text('The id of the workflow, even when the workflow is gone.', ({ row }) => row.workflowId)),
    sessionState: json('The state of the session, free-form.', ({ row }) => row.sessionState),
    sessionSummary: complete(json('The summary of the session.', ({ row }) => row.sessionSummary)),
    metrics: complete(json('What the session has cost, as the platform counts.', ({ row }) => row.metrics)),
    totalTokens: complete(float('How many tokens the session has cost.', ({ row }) => row.totalTokens)),
    metadata: complete(json('Free-form data about the session.', ({ row }) => row.metadata)),
    agentData: detail(json(`The agent as it was then. ${onlyAlone}`, ({ row }) => row.agentData)),
    teamData: detail(json(`The team as it was then. ${onlyAlone}`, ({ row }) => row.teamData)),
    workflowData: detail(json(`The workflow as it was then. ${onlyAlone}`, ({ row }) => row.workflowData)),
    workflowName: detail(text(`The name of the workflow as it was then. ${onlyAlone}`, ({ row }) => row.workflowName)),
    sessionData: detail(
      json(`What the platform stores of a workflow session. ${onlyAlone}`, ({ row }) => row.sessionData),
    ),
    chatHistory: detail(
      objects(
        messageShape,
        `The messages of the session, without those of the system. ${onlyAlone}`,
        ({ row }) => row.chatHistory,
      ),
    ),
  },
};

const modelConfigShape: ObjectShape<ModelConfig> = {
  name: 'AgnoModelConfig',
  description: 'Which model is used.',
  fields: {
    name: text('What the model is in the code, such as `OpenAIChat`.', (config) => config.name),
    model: text('The id of the model, such as `gpt-4o`.', (config) => config.model),
    provider: text('Who provides the model.', (config) => config.provider),
  },
};

const toolsShape: ObjectShape<Tools> = {
  name: 'AgnoTools',
  description: 'The tools that may be called.',
  fields: {
    tools: json('The tools, with the schemas of their parameters, as the platform sends them.', ({ tools }) => tools),
    toolCallLimit: int('How many calls one run may make.', (tools) => tools.toolCallLimit),
    toolChoice: json('Which tool must be called, if any.', (tools) => tools.toolChoice),
  },
};

const valuesNote = 'Only what differs from the defaults of the platform is there.';

function componentFields<Native extends ComponentNative>(
  thing: string,
): Record<string, FieldShape<{ readonly row: Native }>> {
  return {
    dbId: text(`The id of the database of the ${thing}.`, ({ row }) => row.dbId),
    role: text(`What the ${thing} does in a team it is a member of.`, ({ row }) => row.role),
    modelConfig: object(modelConfigShape, `The model of the ${thing}.`, ({ row }) => row.modelConfig),
    tools: object(toolsShape, `The tools of the ${thing}.`, ({ row }) => row.tools),
    sessionSettings: json(
      `How sessions are kept. The platform calls it \`sessions\`. ${valuesNote}`,
      ({ row }) => row.sessionSettings,
    ),
    knowledge: json(`How knowledge is used. ${valuesNote}`, ({ row }) => row.knowledge),
    memory: json(`How memories are kept. ${valuesNote}`, ({ row }) => row.memory),
    reasoning: json(`How it reasons. ${valuesNote}`, ({ row }) => row.reasoning),
    defaultTools: json(`Which built-in tools it has. ${valuesNote}`, ({ row }) => row.defaultTools),
    systemMessage: json(
      `What the system message is made of, instructions among it. ${valuesNote}`,
      ({ row }) => row.systemMessage,
    ),
    responseSettings: json(`How it answers. ${valuesNote}`, ({ row }) => row.responseSettings),
    introduction: text('What it says first.', ({ row }) => row.introduction),
    streaming: json(`How it streams. ${valuesNote}`, ({ row }) => row.streaming),
    metadata: json(`Free-form data about the ${thing}.`, ({ row }) => row.metadata),
    inputSchema: json('The JSON Schema of its input.', ({ row }) => row.inputSchema),
    factoryInputSchema: json(
      'The JSON Schema of what it is made from for each run, when it is.',
      ({ row }) => row.factoryInputSchema,
    ),
    isFactory: flag('Whether it is made anew for each run; from version 2.6.', ({ row }) => row.isFactory),
    isComponent: flag(
      'Whether it is kept in the database rather than written in code; from version 2.5.',
      ({ row }) => row.isComponent,
    ),
    currentVersion: int('Which of its versions is used, when it is kept in the database.', ({ row }) => {
      return row.currentVersion;
    }),
    stage: text('The stage of that version, such as `draft` or `published`.', ({ row }) => row.stage),
    sandboxed: flag(`Whether the ${thing} runs in a sandbox; from version 3.1.`, ({ row }) => row.sandboxed),
  };
}

export const agentShape: ObjectShape<AgnoAgentRecord> = {
  name: 'AgnoAgent',
  description: 'An agent of an Agno AgentOS, or one that is only embedded in a team or workflow of it.',
  fields: {
    ...componentFields<AgnoAgentNative>('agent'),
    extraMessages: json(`Messages that are put before each run. ${valuesNote}`, ({ row }) => row.extraMessages),
    filesystem: flag('Whether it has a file system of its own; from version 3.1.', ({ row }) => row.filesystem),
  },
};

export const teamShape: ObjectShape<AgnoTeamRecord> = {
  name: 'AgnoTeam',
  description:
    'A team of an Agno AgentOS. No member leads it: the team itself does, with its own model and instructions. Its members ' +
    'are those it embeds, which the platform may show nowhere else.',
  fields: {
    model: text('The id of the model that leads the team.', ({ row }) => row.model),
    mode: text(
      'How the members work together: `coordinate`, `route`, `broadcast` or `tasks`; from version 2.5.',
      ({ row }) => row.mode,
    ),
    ...componentFields<AgnoTeamNative>('team'),
  },
};

const stepShape: ObjectShape<Step> = {
  name: 'AgnoWorkflowStep',
  description: 'A step of a workflow.',
  fields: {
    name: text('The name of the step.', (step) => step.name),
    type: text('What the step is, such as `Step`, `Parallel`, `Loop` or `Condition`.', (step) => step.type),
    agent: entity('agent', 'The agent that does it, if one does.', (step) => step.agent),
    team: entity('team', 'The team that does it, if one does.', (step) => step.team),
    steps: json('The steps inside it, as the platform sends them.', (step) => step.steps),
    elseSteps: json('The steps that are taken instead, as the platform sends them.', (step) => step.elseSteps),
    definition: json('The whole step, as the platform sends it.', (step) => step.definition),
  },
};

const eachAlone = 'In lists it costs a request for each workflow.';

export const workflowShape: ObjectShape<AgnoWorkflowRecord> = {
  name: 'AgnoWorkflow',
  description: 'A workflow of an Agno AgentOS: steps that agents and teams take.',
  fields: {
    dbId: text('The id of the database of the workflow.', ({ row }) => row.dbId),
    inputSchema: detail(json(`The JSON Schema of its input. ${eachAlone}`, ({ row }) => row.inputSchema)),
    steps: detail(objects(stepShape, `The steps, in order. ${eachAlone}`, ({ row }) => row.steps)),
    metadata: detail(json(`Free-form data about the workflow. ${eachAlone}`, ({ row }) => row.metadata)),
    workflowAgent: detail(
      flag(`Whether an agent decides when the workflow runs. ${eachAlone}`, ({ row }) => row.workflowAgent),
    ),
    factoryInputSchema: json(
      'The JSON Schema of what it is made from for each run, when it is.',
      ({ row }) => row.factoryInputSchema,
    ),
    isFactory: flag('Whether it is made anew for each run; from version 2.6.', ({ row }) => row.isFactory),
    isComponent: flag(
      'Whether it is kept in the database rather than written in code; from version 2.5.',
      ({ row }) => row.isComponent,
    ),
    currentVersion: int('Which of its versions is used, when it is kept in the database.', ({ row }) => {
      return row.currentVersion;
    }),
    stage: text('The stage of that version, such as `draft` or `published`.', ({ row }) => row.stage),
    sandboxed: flag('Whether the workflow runs in a sandbox; from version 3.1.', ({ row }) => row.sandboxed),
  },
};
