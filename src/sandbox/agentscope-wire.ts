import type { ScopeAgent, ScopeSeed, ScopeSession, ScopeTeam } from './agentscope-data.ts';
import { COMPRESSION_PROMPT, COMPRESSION_PROMPT_LATER, SUMMARY_TEMPLATE, summarySchema } from './agentscope-prompts.ts';
import { stateWire } from './agentscope-state.ts';
import { naiveLocal } from './clock.ts';
import type { ModelOptions } from './exchange.ts';
import { createRandom } from './random.ts';

const FLOAT_FIELDS = /"(max_cache_bytes|bytes)":(\d+)(?=[,}])/g;

/** Python writes whole floats as `25000.0`. Inside a string the quotes would be escaped, so only keys match. */
export function pythonJson(value: unknown): string {
  return JSON.stringify(value).replace(FLOAT_FIELDS, '"$1":$2.0');
}

/** A bare record on 2.0.0, a view from 2.0.1. */
export function sessionWire(session: ScopeSession, data: ScopeSeed, options: ModelOptions): unknown {
  const record = recordWire(session, data, options);
  if (options.dialect === '2.0.0') return record;
  const team = data.teams.find(({ id, user }) => id === session.teamId && user === session.user);
  return {
    session: record,
    is_running: session.status === 'running',
    ...(options.dialect === '2.0.6' ? { status: session.status } : {}),
    team: team === undefined ? null : teamWire(team, data, options),
  };
}

function recordWire(session: ScopeSession, data: ScopeSeed, options: ModelOptions): unknown {
  const { dialect } = options;
  const random = createRandom(options.seed, 'agentscope-record', session.id);
  const topic = data.agents.find(({ id }) => id === session.agentId)?.profile.topic ?? 'support';
  const [scheduleId, chatId, channelId] = [random.hex(32), random.hex(16), random.hex(32)];
  return {
    id: session.id,
    updated_at: naiveLocal(session.updatedMicros, options.timezoneOffsetMinutes),
    created_at: naiveLocal(session.createdMicros, options.timezoneOffsetMinutes),
    user_id: session.user,
    agent_id: session.agentId,
    source: session.source,
    source_schedule_id: session.source === 'schedule' ? scheduleId : null,
    ...(dialect === '2.0.6'
      ? {
          source_chat_id: session.source === 'channel' ? chatId : null,
          source_channel_id: session.source === 'channel' ? channelId : null,
        }
      : {}),
    ...(dialect === '2.0.0' ? {} : { team_id: session.teamId }),
    config: {
      workspace_id: session.workspaceId,
      name: session.name,
      ...(dialect === '2.0.6' ? { cwd: null } : {}),
      chat_model_config: modelWire(session.model),
      ...(dialect === '2.0.0' ? {} : { fallback_chat_model_config: modelWire(session.fallbackModel) }),
      ...(dialect === '2.0.6' ? { tts_model_config: null, knowledge_config: null } : {}),
    },
    state: stateWire(session, topic, options),
  };
}

function modelWire(model: string | null): unknown {
  if (model === null) return null;
  const type = `${model.startsWith('qwen') ? 'dashscope' : 'openai'}_credential`;
  return { type, credential_id: createRandom('credential', type).hex(32), model, parameters: { temperature: 0.2 } };
}

function teamWire(team: ScopeTeam, data: ScopeSeed, options: ModelOptions): unknown {
  const leaderSession = data.sessions.find(({ id }) => id === team.leaderSessionId);
  const leader = data.agents.find(({ id }) => id === leaderSession?.agentId);
  const present = team.memberIds.flatMap((memberId) => {
    const agent = data.agents.find(({ id }) => id === memberId);
    const session = data.sessions.find(({ agentId, teamId }) => agentId === memberId && teamId === team.id);
    return agent === undefined ? [] : [{ agent, sessionId: session?.id ?? null }];
  });
  // From 2.0.4 reading a team stores it anew without the members that have no session.
  const isMigrated = options.dialect === '2.0.6';
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
  const isLater = options.dialect === '2.0.6';
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
      context_config: {
        trigger_ratio: 0.8,
        reserve_ratio: 0.1,
        compression_prompt: isLater ? COMPRESSION_PROMPT_LATER : COMPRESSION_PROMPT,
        summary_template: SUMMARY_TEMPLATE,
        summary_schema: summarySchema(isLater ? 'without-limits' : 'with-limits'),
        tool_result_limit: isLater ? 50_000 : 3_000,
      },
      react_config: isLater
        ? {
            max_iters: 20,
            structured_output_grace_iters: 5,
            stop_on_reject: false,
            interruption_message: 'I notice the interruption. How can I help you?',
            interruption_raise_cancelled_error: false,
          }
        : { max_iters: 20, stop_on_reject: false },
      ...(isLater ? { invite_config: { invitable: false, invite_description: null } } : {}),
    },
    ...(isLater ? { editable: true } : {}),
  };
}
