import { rfc3339 } from './clock.ts';
import type { EverrunsAgent, EverrunsSession } from './everruns-data.ts';

/** Undefined values leave their key out, as `skip_serializing_if` does. */
export function sessionWire(session: EverrunsSession, form: 'list' | 'single'): unknown {
  return {
    id: session.id,
    organization_id: session.org,
    agent_id: session.agentId,
    title: session.title ?? undefined,
    preview: form === 'list' ? (session.preview ?? undefined) : undefined,
    output_preview: form === 'list' ? (session.outputPreview ?? undefined) : undefined,
    tags: session.tags,
    model_id: session.modelId ?? undefined,
    capabilities: session.capabilities,
    status: session.status,
    created_at: rfc3339(session.createdMicros, session.createdNanos),
    updated_at: rfc3339(session.updatedMicros),
    started_at: session.startedMicros === null ? undefined : rfc3339(session.startedMicros),
    finished_at: session.finishedMicros === null ? undefined : rfc3339(session.finishedMicros),
    usage: session.usage ?? undefined,
  };
}

export function agentWire(agent: EverrunsAgent): unknown {
  return {
    id: agent.id,
    name: agent.name,
    description: agent.description ?? undefined,
    system_prompt: agent.systemPrompt,
    default_model_id: agent.modelId ?? undefined,
    tags: agent.tags,
    capabilities: [],
    status: agent.archived ? 'archived' : 'active',
    created_at: rfc3339(agent.createdMicros),
    updated_at: rfc3339(agent.createdMicros),
  };
}
