import type { AgnoComponent, AgnoSession, AgnoStore, ComponentKind } from './agno-data.ts';
import type { JsonObject } from './json.ts';

export const sessionTable = 'agno_sessions';

/** Nulls at the top are left out; nulls inside free-form objects stay. */
export function compact(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

export function isoSeconds(seconds: number | null): string | null {
  return seconds === null ? null : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function storedName(session: AgnoSession): string | null {
  return session.sessionData?.session_name || null;
}

function shownName(session: AgnoSession, readAs: ComponentKind): string {
  // A team's name is derived from runs without an agent, a workflow's from its own runs: read as another kind, none fits.
  const derived = readAs === session.kind ? session.run?.question : undefined;
  return storedName(session) ?? derived ?? '';
}

function metricsOf(session: AgnoSession): JsonObject | null {
  return session.sessionData === null ? null : (session.sessionData.session_metrics ?? {});
}

export function rowWire(session: AgnoSession, dialect: string | null): JsonObject {
  const row = {
    session_id: session.id,
    session_name: shownName(session, session.kind),
    session_state: session.sessionData?.session_state,
    created_at: isoSeconds(session.createdAt),
    updated_at: isoSeconds(session.updatedAt),
  };
  if (dialect === '2.3') return compact(row);
  const metrics = session.sessionData?.session_metrics;
  return compact({
    ...row,
    session_type: session.kind,
    user_id: session.user,
    [`${session.kind}_id`]: session.componentId,
    session_summary: session.summary,
    metrics,
    total_tokens: metrics?.total_tokens,
    metadata: session.kind === 'workflow' ? (session.metadata ?? {}) : session.metadata,
  });
}

/** In the shape of `readAs`, whatever the row is: no version checks the type against the row. */
export function detailWire(
  session: AgnoSession,
  readAs: ComponentKind,
  dialect: string | null,
  chatHistory: readonly JsonObject[],
): JsonObject {
  const ownId = session.kind === readAs ? session.componentId : null;
  const state = session.sessionData?.session_state;
  const metrics = metricsOf(session);
  const times = {
    created_at: isoSeconds(session.createdAt || null),
    updated_at: isoSeconds(session.updatedAt || null),
  };
  if (readAs === 'workflow') {
    return compact({
      user_id: session.user,
      workflow_id: ownId,
      session_id: session.id,
      session_name: shownName(session, readAs),
      session_data: session.sessionData ?? {},
      session_state: state,
      workflow_data: {},
      metadata: session.metadata ?? {},
      ...(dialect === '2.3' ? { created_at: session.createdAt, updated_at: session.updatedAt } : times),
    });
  }
  const shared = { session_summary: session.summary, session_state: state };
  const history = { metadata: session.metadata, chat_history: chatHistory };
  if (readAs === 'team') {
    return compact({
      session_id: session.id,
      session_name: shownName(session, readAs),
      user_id: session.user,
      team_id: ownId,
      ...shared,
      metrics,
      team_data: ownId === null ? null : { team_id: ownId },
      ...history,
      ...times,
      total_tokens: metrics?.total_tokens,
    });
  }
  return compact({
    user_id: session.user,
    agent_session_id: session.id,
    session_id: session.id,
    session_name: shownName(session, readAs),
    ...shared,
    agent_id: ownId,
    total_tokens: metrics?.total_tokens,
    agent_data: ownId === null ? null : { agent_id: ownId },
    metrics,
    ...history,
    ...times,
  });
}

export function componentWire(component: AgnoComponent, dialect: string | null): JsonObject {
  const isLatest = dialect === '3.1';
  const flags = dialect === '2.3' ? {} : { is_factory: false };
  const isComponent = {
    ...(dialect === '2.3' ? {} : { is_component: false }),
    ...(isLatest ? { sandboxed: false } : {}),
  };
  const head = {
    id: component.id,
    name: component.name,
    db_id: component.database,
    ...(isLatest && component.kind === 'agent' ? { filesystem: false } : {}),
    description: component.description,
    role: component.role,
  };
  const settings = {
    sessions: { session_table: sessionTable },
    ...(isLatest ? { reasoning: { reasoning: false } } : {}),
    system_message: compact({
      description: component.description,
      instructions: [component.instructions],
      markdown: true,
    }),
  };
  const model = modelWire(dialect);
  if (component.kind === 'agent') return compact({ ...head, ...flags, model, ...settings, ...isComponent });
  return compact({
    ...head,
    mode: dialect === '2.3' ? null : component.mode,
    model,
    tools: component.parts.length === 0 ? null : { tools: [delegateTool(dialect)] },
    ...settings,
    streaming: { stream_member_events: true },
    members: component.parts.length === 0 ? null : component.parts.map((member) => componentWire(member, dialect)),
    ...flags,
    ...isComponent,
  });
}

function modelWire(dialect: string | null): JsonObject {
  return dialect === '2.3'
    ? { name: 'OpenAIChat', model: 'gpt-4o', provider: 'OpenAI' }
    : { name: 'OpenAIResponses', model: 'gpt-5.4', provider: 'OpenAI' };
}

function delegateTool(dialect: string | null): JsonObject {
  const isLatest = dialect === '3.1';
  const use = 'Use this function to delegate a task to the selected team member.';
  const advice =
    '\nYou must provide a clear and concise description of the task the member should achieve AND the expected output.';
  const member = isLatest
    ? '(str) The ID of the member to delegate the task to, exactly as it appears in <team_members>.'
    : '(str) The ID of the member to delegate the task to. Use only the ID of the member, not the ID of the team followed by the ID of the member.';
  const task = '(str) A clear and concise description of the task the member should achieve';
  return {
    name: 'delegate_task_to_member',
    description: isLatest ? use : use + advice,
    parameters: {
      type: 'object',
      properties: {
        member_id: { type: 'string', description: member },
        task: {
          type: 'string',
          description: `${task}${isLatest ? ', including what a good result looks like.' : '.'}`,
        },
      },
      required: ['member_id', 'task'],
      additionalProperties: false,
    },
  };
}

export function workflowSummaryWire(workflow: AgnoComponent, dialect: string | null): JsonObject {
  const { id, name, description, database } = workflow;
  return compact({ id, name, description, db_id: database, ...workflowFlags(dialect) });
}

function workflowFlags(dialect: string | null): JsonObject {
  if (dialect === '2.3') return {};
  return { is_factory: false, is_component: false, ...(dialect === '3.1' ? { sandboxed: false } : {}) };
}

export function workflowWire(workflow: AgnoComponent, dialect: string | null): JsonObject {
  const steps = workflow.parts.map((part) => {
    // Inside a step what is registered nowhere else has neither id nor model until it is first used.
    const { id: _, model: __, ...unnamed } = componentWire(part, dialect);
    return {
      name: part.name,
      type: 'Step',
      [part.kind]: part.id === 'fact-checker' ? unnamed : componentWire(part, dialect),
    };
  });
  return compact({
    id: workflow.id,
    name: workflow.name,
    db_id: workflow.database,
    description: workflow.description,
    steps,
    workflow_agent: false,
    ...workflowFlags(dialect),
  });
}

export function infoWire(components: readonly AgnoComponent[], dialect: string | null, authMode: string): JsonObject {
  const isLatest = dialect === '3.1';
  const count = (kind: ComponentKind): number => components.filter((component) => component.kind === kind).length;
  return {
    os_id: 'contoso-os',
    name: null,
    agno_version: isLatest ? '3.1.10' : '2.9.0',
    agent_count: count('agent'),
    team_count: count('team'),
    workflow_count: count('workflow'),
    mcp: { enabled: false, path: null, oauth: null, ...(isLatest ? { tool_run_endpoint: false } : {}) },
    auth_mode: authMode,
    ...(isLatest ? { os_version: '1.0.0', user_isolation: false } : {}),
  };
}

export function configWire({ components, databases }: AgnoStore, dialect: string | null): JsonObject {
  const isLater = dialect !== '2.3';
  const dbs = (table: string): JsonObject => ({
    dbs: databases.map((id) => ({ db_id: id, domain_config: { display_name: id }, tables: [table] })),
  });
  const light = (kind: ComponentKind): readonly JsonObject[] =>
    components
      .filter((component) => component.kind === kind)
      .map((component) => {
        if (kind === 'workflow') return workflowSummaryWire(component, dialect);
        const { model: id, provider } = modelWire(dialect);
        return compact({
          id: component.id,
          name: component.name,
          description: component.description,
          db_id: component.database,
          mode: isLater && kind === 'team' ? component.mode : null,
          model: isLater ? { id, provider } : null,
        });
      });
  return {
    os_id: 'contoso-os',
    available_models: [],
    ...(isLater ? { os_database: databases[0] } : {}),
    databases,
    session: dbs(sessionTable),
    metrics: dbs('agno_metrics'),
    memory: dbs('agno_memories'),
    ...(isLater ? { learning: dbs('agno_learnings') } : {}),
    knowledge: isLater ? { dbs: [], knowledge_instances: [] } : { dbs: [] },
    evals: dbs('agno_eval_runs'),
    traces: { dbs: databases.map((id) => ({ db_id: id, domain_config: { display_name: id } })) },
    agents: light('agent'),
    teams: light('team'),
    workflows: light('workflow'),
    interfaces: [],
  };
}
