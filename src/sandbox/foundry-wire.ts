import type { FoundryAgent, FoundrySession, FoundryVersion } from './foundry-data.ts';

const thirtyDays = 30 * 86_400;

export function sessionWire(session: FoundrySession): unknown {
  return {
    agent_session_id: session.id,
    version_indicator: { type: 'version_ref', agent_version: session.version },
    status: session.status,
    created_at: session.createdAt,
    last_accessed_at: session.lastAccessedAt,
    expires_at: session.lastAccessedAt + thirtyDays,
    stopped_at: session.stoppedAt ?? undefined,
  };
}

export function agentWire(agent: FoundryAgent): unknown {
  const latest = agent.versions.at(-1);
  return {
    object: 'agent',
    id: agent.name,
    name: agent.name,
    versions: { latest: latest === undefined ? null : versionWire(agent)(latest) },
    state: agent.kind === 'hosted' ? 'enabled' : undefined,
  };
}

export function versionWire(agent: FoundryAgent): (version: FoundryVersion) => unknown {
  const definition =
    agent.kind === 'hosted'
      ? {
          kind: agent.kind,
          cpu: '1',
          memory: '2Gi',
          environment_variables: { LOG_LEVEL: 'info' },
          container_configuration: { image: `contoso.azurecr.io/${agent.name}:latest` },
          protocol_versions: [{ protocol: 'responses', version: 'v1' }],
          session_configuration: { idle_timeout_seconds: 900 },
        }
      : { kind: agent.kind, model: agent.model, instructions: agent.instructions };
  return (version) => ({
    object: 'agent.version',
    id: `${agent.name}:${version.version}`,
    name: agent.name,
    version: version.version,
    description: version.description ?? undefined,
    metadata: version.metadata ?? undefined,
    created_at: version.createdAt,
    definition,
    status: version.status,
  });
}
