import type { AgentScopeStore, ScopeAgent, ScopeSession, ScopeTeam } from './agentscope-data.ts';
import { isSince } from './agentscope-dialect.ts';
import {
  compressionPrompt,
  compressionPromptLater,
  compressionPromptLatest,
  summarySchema,
  summaryTemplate,
} from './agentscope-prompts.ts';
import { stateWire } from './agentscope-state.ts';
import { naiveLocal } from './clock.ts';
import type { ModelOptions } from './platform.ts';
import { createRandom } from './random.ts';

const floatFields = /"(max_cache_bytes|bytes)":(\d+)(?=[,}])/g;

/** Python writes whole floats as `25000.0`. Inside a string the quotes would be escaped, so only keys match. */
export function pythonJson(value: unknown): string {
  return JSON.stringify(value).replace(floatFields, '"$1":$2.0');
}

/** A bare record on 2.0.0, a view from 2.0.1. */
export function sessionWire(session: ScopeSession, data: AgentScopeStore, options: ModelOptions): unknown {
  const record = recordWire(session, data, options);
  if (options.dialect === '2.0.0') return record;
  const team = data.teams.find(({ id, user }) => id === session.teamId && user === session.user);
  return {
    session: record,
    is_running: session.status === 'running',
    ...(isSince(options.dialect, '2.0.6') ? { status: session.status } : {}),
    team: team === undefined ? null : teamWire(team, data, options),
  };
}

function recordWire(session: ScopeSession, data: AgentScopeStore, options: ModelOptions): unknown {
  const topic = data.agents.find(({ id }) => id === session.agentId)?.profile.topic ?? 'support';
  return {
    id: session.id,
    updated_at: naiveLocal(session.updatedMicros, options.timezoneOffsetMinutes),
    created_at: naiveLocal(session.createdMicros, options.timezoneOffsetMinutes),
    user_id: session.user,
    agent_id: session.agentId,
    ...originWire(session, options),
    ...(options.dialect === '2.0.0' ? {} : { team_id: session.teamId }),
    config: configWire(session, options),
    state: stateWire(session, topic, data, options),
  };
}

/** Flat fields, and from 2.0.8 one object whose properties depend on its type. */
function originWire({ id, source }: ScopeSession, { dialect, seed }: ModelOptions): object {
  const random = createRandom(seed, 'agentscope-record', id);
  const [scheduleId, chatId, channelId] = [random.hex(32), random.hex(16), random.hex(32)];
  if (isSince(dialect, '2.0.10')) {
    const own = {
      user: {},
      team: {},
      schedule: { schedule_id: scheduleId },
      channel: { channel_id: channelId, chat_id: chatId, chat_name: 'Support desk', channel_user_id: random.hex(16) },
      sop: { sop_run_id: scheduleId, session_key: 'main' },
    };
    return { origin: { type: source, ...own[source] } };
  }
  return {
    source,
    source_schedule_id: source === 'schedule' ? scheduleId : null,
    ...(isSince(dialect, '2.0.6')
      ? {
          source_chat_id: source === 'channel' ? chatId : null,
          source_channel_id: source === 'channel' ? channelId : null,
        }
      : {}),
  };
}

function configWire(session: ScopeSession, { dialect }: ModelOptions): object {
  const isLatest = isSince(dialect, '2.0.10');
  return {
    workspace_id: session.workspaceId,
    name: session.name,
    // The server may only rename what it has named itself, by the time.
    ...(isLatest ? { naming: { auto: /^\d{4}-\d\d-\d\d /.test(session.name) } } : {}),
    ...(isSince(dialect, '2.0.6') ? { cwd: null } : {}),
    chat_model_config: modelWire(session.model),
    ...(dialect === '2.0.0' ? {} : { fallback_chat_model_config: modelWire(session.fallbackModel) }),
    ...(isSince(dialect, '2.0.6') ? { tts_model_config: null } : {}),
    ...(isLatest ? { realtime_model_config: modelWire(session.source === 'sop' ? session.model : null) } : {}),
    ...(isSince(dialect, '2.0.6') ? { knowledge_config: null } : {}),
  };
}

function modelWire(model: string | null): unknown {
  if (model === null) return null;
  const type = `${model.startsWith('qwen') ? 'dashscope' : 'openai'}_credential`;
  return { type, credential_id: createRandom('credential', type).hex(32), model, parameters: { temperature: 0.2 } };
}

function teamWire(team: ScopeTeam, data: AgentScopeStore, options: ModelOptions): unknown {
  const leaderSession = data.sessions.find(({ id }) => id === team.leaderSessionId);
  const leader = data.agents.find(({ id }) => id === leaderSession?.agentId);
  const present = team.memberIds.flatMap((memberId) => {
    const agent = data.agents.find(({ id }) => id === memberId);
    const session = data.sessions.find(({ agentId, teamId }) => agentId === memberId && teamId === team.id);
    return agent === undefined ? [] : [{ agent, sessionId: session?.id ?? null }];
  });
  // From 2.0.4 reading a team stores it anew without the members that have no session.
  const isMigrated = isSince(options.dialect, '2.0.6');
  const members = isMigrated ? present.filter(({ sessionId }) => sessionId !== null) : present;
  const roles = members.map(({ agent, sessionId }) => ({
    owner_id: agent.user,
    agent_id: agent.id,
    session_id: sessionId,
    role: 'created',
  }));
  return {
    team: {
      id: team.id,
      updated_at: naiveLocal(team.createdMicros + 6, options.timezoneOffsetMinutes),
      created_at: naiveLocal(team.createdMicros, options.timezoneOffsetMinutes),
      user_id: team.user,
      session_id: team.leaderSessionId,
      ...(isSince(options.dialect, '2.0.10') ? { leader_agent_id: leader?.id ?? null } : {}),
      data: {
        name: team.name,
        description: team.description,
        member_ids: isMigrated ? members.map(({ agent }) => agent.id) : team.memberIds,
        ...(isMigrated ? { members: roles } : {}),
      },
    },
    leader_agent: leader === undefined ? null : agentWire(leader, options),
    members: members.map(({ agent, sessionId }) => ({ agent: agentWire(agent, options), session_id: sessionId })),
  };
}

export function agentWire(agent: ScopeAgent, options: ModelOptions): unknown {
  const settings = agentSettingsWire(options);
  return {
    id: agent.id,
    // A fresh record is updated a few microseconds before it is created.
    updated_at: naiveLocal(agent.createdMicros - 6, options.timezoneOffsetMinutes),
    created_at: naiveLocal(agent.createdMicros, options.timezoneOffsetMinutes),
    user_id: agent.user,
    ...(options.dialect === '2.0.0' ? {} : { source: agent.source }),
    data: {
      id: agent.dataId,
      name: agent.name,
      system_prompt: agent.systemPrompt,
      ...(isSince(options.dialect, '2.0.10') ? { chat_config: settings } : settings),
    },
    ...(isSince(options.dialect, '2.0.6') ? { editable: true } : {}),
  };
}

function agentSettingsWire({ dialect }: ModelOptions): object {
  if (!isSince(dialect, '2.0.6')) {
    return {
      context_config: {
        trigger_ratio: 0.8,
        reserve_ratio: 0.1,
        compression_prompt: compressionPrompt,
        summary_template: summaryTemplate,
        summary_schema: summarySchema('with-limits'),
        tool_result_limit: 3_000,
      },
      react_config: { max_iters: 20, stop_on_reject: false },
    };
  }
  const isLatest = isSince(dialect, '2.0.10');
  return {
    context_config: {
      trigger_ratio: 0.8,
      reserve_ratio: 0.1,
      ...(isLatest ? { context_buffer_ratio: 0.2 } : {}),
      compression_prompt: isLatest ? compressionPromptLatest : compressionPromptLater,
      summary_template: summaryTemplate,
      summary_schema: summarySchema('without-limits'),
      tool_result_limit: 50_000,
      ...(isLatest
        ? { compression_fallback_to_truncation: true, compression_tool_enabled: false, max_image_num: 5 }
        : {}),
    },
    react_config: {
      max_iters: isLatest ? 50 : 20,
      structured_output_grace_iters: 5,
      stop_on_reject: false,
      interruption_message: 'I notice the interruption. How can I help you?',
      interruption_raise_cancelled_error: false,
    },
    invite_config: { invitable: false, invite_description: null },
  };
}
