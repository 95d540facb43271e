import type { AgnoSession, ComponentKind } from './agno-data.ts';
import { imageWire, tokensWire } from './agno-messages.ts';
import type { AgnoRunRecord } from './agno-runs.ts';
import { compact, isoSeconds } from './agno-wire.ts';
import { microsPerSecond } from './clock.ts';
import { durationOf } from './dialogue.ts';
import type { JsonObject } from './json.ts';

export interface RunForm {
  readonly dialect: string | null;
  /** The kind of run that it is shown as. */
  readonly shape: ComponentKind;
  /** One run alone has its nulls, those of a list have not. */
  readonly nulls: 'present' | 'absent';
}

export function runWire(run: AgnoRunRecord, session: AgnoSession, form: RunForm): JsonObject {
  const wire = form.shape === 'workflow' ? workflowWire(run, session, form) : spokenWire(run, session, form);
  return form.nulls === 'present' ? wire : compact(wire);
}

/** The keys come in the order of the servers. */
function spokenWire(run: AgnoRunRecord, session: AgnoSession, { dialect, shape }: RunForm): JsonObject {
  const { component, kind, content, turn, input, messages, tools } = run;
  const isTeam = shape === 'team';
  const ownId = kind === shape ? (component?.id ?? null) : null;
  const user = isTeam && dialect !== '3.1' ? {} : { user_id: session.user ?? (isTeam ? null : '') };
  const answer = { reasoning_content: reasoningOf(messages), reasoning_steps: [] };
  const asked = { run_input: input, run_response_format: 'text' };
  const askedImages = turn.images.map(imageWire);
  const inputMedia = { input_media: { images: askedImages, videos: [], audios: [], files: [] } };
  const media = { images: shownImages(messages), videos: [], audio: [], files: [] };
  const sent = { tools: tools.length === 0 ? null : tools };
  return {
    run_id: run.id,
    parent_run_id: run.parentId ?? '',
    [isTeam ? 'team_id' : 'agent_id']: ownId,
    ...user,
    ...statusOf(run, dialect),
    ...(isTeam ? { content, ...answer, ...asked } : { ...asked, content, ...answer }),
    metrics: metricsOf(run),
    ...(dialect === '3.1' && !isTeam ? { metadata: null } : {}),
    messages,
    ...sent,
    events: null,
    created_at: isoSeconds(run.createdAt),
    references: [],
    citations: null,
    reasoning_messages: [],
    session_state: session.sessionData?.session_state ?? null,
    ...(isTeam ? inputMedia : {}),
    ...media,
    response_audio: null,
    ...(isTeam ? {} : inputMedia),
    ...(dialect === '2.3' ? {} : laterFields),
  };
}

const laterFields = {
  followups: null,
  forked_from_run_id: null,
  forked_from_message_index: null,
  forked_from_session_id: null,
  regenerated_from: null,
  last_checkpoint_at_message_index: null,
} as const;

function statusOf({ status }: AgnoRunRecord, dialect: string | null): JsonObject {
  if (dialect === '2.3') return {};
  return { status, ...(dialect === '3.1' ? { cancellation_stage: null } : {}) };
}

function metricsOf({ tokens, turn }: AgnoRunRecord): JsonObject {
  return tokens === null ? {} : { ...tokensWire(tokens), duration: durationOf(turn) / microsPerSecond };
}

function reasoningOf(messages: readonly JsonObject[]): unknown {
  const thinking = messages.filter(({ from_history, reasoning_content }) => !from_history && reasoning_content);
  return thinking.at(-1)?.reasoning_content ?? '';
}

/** What the agent made, as against what it was shown. */
function shownImages(messages: readonly JsonObject[]): readonly unknown[] {
  return messages.flatMap(({ role, from_history, images }) =>
    role === 'assistant' && !from_history && Array.isArray(images) ? images : [],
  );
}

function workflowWire(run: AgnoRunRecord, session: AgnoSession, { dialect }: RunForm): JsonObject {
  const { kind, component, content, input } = run;
  return {
    run_id: run.id,
    run_input: input,
    events: [],
    workflow_id: kind === 'workflow' ? (component?.id ?? null) : null,
    user_id: session.user ?? '',
    content,
    content_type: 'str',
    ...statusOf(run, dialect),
    step_results: run.steps.map(stepResultWire),
    step_executor_runs: run.steps.map((step) => executorRunWire(step, session, dialect)),
    ...(dialect === '2.3'
      ? {}
      : { step_requirements: null, pause_kind: null, paused_step_name: null, paused_step_index: null }),
    metrics: metricsOf(run),
    created_at: isoSeconds(run.createdAt),
    reasoning_content: '',
    reasoning_steps: [],
    references: [],
    citations: null,
    reasoning_messages: [],
    images: [],
    videos: [],
    audio: [],
    files: [],
    response_audio: null,
  };
}

function stepResultWire(step: AgnoRunRecord): JsonObject {
  const isFailed = step.status === 'ERROR';
  return {
    content: step.content,
    step_name: step.component?.name,
    step_id: step.id,
    step_type: 'Step',
    executor_type: step.kind,
    executor_name: step.component?.name,
    step_run_id: step.id,
    images: null,
    videos: null,
    audio: null,
    files: null,
    metrics: metricsOf(step),
    success: !isFailed,
    error: isFailed ? step.content : null,
    stop: false,
    is_paused: step.status === 'PAUSED',
  };
}

/** As it is stored: with the time in seconds, and with the status in every version. */
function executorRunWire(step: AgnoRunRecord, session: AgnoSession, dialect: string | null): JsonObject {
  return compact({
    run_id: step.id,
    agent_id: step.component?.id,
    agent_name: step.component?.name,
    session_id: session.id,
    parent_run_id: step.parentId,
    user_id: session.user,
    content: step.content,
    content_type: 'str',
    model: dialect === '2.3' ? 'gpt-4o' : 'gpt-5.4',
    model_provider: 'OpenAI',
    created_at: step.createdAt,
    status: step.status,
    metrics: metricsOf(step),
    messages: step.messages,
    metadata: {},
    tools: step.tools,
    input: { input_content: step.input },
  });
}
