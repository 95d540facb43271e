import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { platformFacts_agentscope$key } from '#relay/platformFacts_agentscope.graphql.ts';
import type { platformFacts_agno$key } from '#relay/platformFacts_agno.graphql.ts';
import type { platformFacts_everruns$key } from '#relay/platformFacts_everruns.graphql.ts';
import type { platformFacts_foundry$key } from '#relay/platformFacts_foundry.graphql.ts';
import { Facts, Fold, toCode, toCount, toList, toTime } from './facts.tsx';
import { Link } from './router.tsx';

export function FoundryFacts({ session }: { readonly session: platformFacts_foundry$key }): ReactNode {
  const facts = useFragment(
    graphql`
      fragment platformFacts_foundry on FoundrySession {
        agentName
        versionIndicator { type agentVersion }
        agentVersion {
          status
          definition { kind cpu memory }
        }
        lastAccessedAt expiresAt stoppedAt
      }
    `,
    session,
  );
  const { definition, status } = facts.agentVersion ?? {};
  return (
    <Facts
      facts={[
        ['Agent name', toCode(facts.agentName)],
        ['Agent version', facts.versionIndicator?.agentVersion],
        ['Version state', status],
        ['Sandbox', definition?.cpu && `${definition.cpu} CPU, ${definition.memory ?? '?'} memory`],
        ['Last used', toTime(facts.lastAccessedAt)],
        ['Stopped', toTime(facts.stoppedAt)],
        ['Expires', toTime(facts.expiresAt)],
      ]}
    />
  );
}

export function EverrunsFacts({ session }: { readonly session: platformFacts_everruns$key }): ReactNode {
  const facts = useFragment(
    graphql`
      fragment platformFacts_everruns on EverrunsSession {
        tags
        capabilities { ref }
        startedAt finishedAt
        usage { inputTokens outputTokens cacheReadTokens }
        modelId locale isPinned organizationId workspaceId viewUrl
        parentSession { id title nativeId }
      }
    `,
    session,
  );
  const { usage, parentSession } = facts;
  return (
    <Facts
      facts={[
        ['Tags', toList(facts.tags)],
        ['Capabilities', toList(facts.capabilities.map(({ ref }) => ref))],
        ['Started', toTime(facts.startedAt)],
        ['Finished', toTime(facts.finishedAt)],
        ['Tokens in', toCount(usage?.inputTokens)],
        ['Tokens out', toCount(usage?.outputTokens)],
        ['Tokens from cache', toCount(usage?.cacheReadTokens)],
        ['Model id', toCode(facts.modelId)],
        ['Language', facts.locale],
        ['Pinned', facts.isPinned === true && 'yes'],
        ['Organization', toCode(facts.organizationId)],
        ['Workspace', toCode(facts.workspaceId)],
        [
          'Started by',
          parentSession && (
            <Link href={`/sessions/${encodeURIComponent(parentSession.id)}`}>
              {parentSession.title ?? parentSession.nativeId}
            </Link>
          ),
        ],
        [
          'On the platform',
          facts.viewUrl && (
            <a href={facts.viewUrl} rel="noreferrer">
              Open there
            </a>
          ),
        ],
      ]}
    />
  );
}

export function AgentScopeFacts({ session }: { readonly session: platformFacts_agentscope$key }): ReactNode {
  const facts = useFragment(
    graphql`
      fragment platformFacts_agentscope on AgentScopeSession {
        isRunning origin sourceScheduleId sourceChatName
        config {
          workspaceId cwd
          chatModelConfig { type model parameters }
        }
        state {
          summary
          permissionContext { mode allowRules askRules }
          tasksContext {
            tasks { id subject state }
          }
        }
      }
    `,
    session,
  );
  const { config, state } = facts;
  const model = config?.chatModelConfig;
  const tasks = state?.tasksContext?.tasks ?? [];
  return (
    <>
      <Facts
        facts={[
          ['Working now', facts.isRunning === true ? 'yes' : facts.isRunning === false ? 'no' : null],
          ['Started by', facts.origin],
          ['Schedule', toCode(facts.sourceScheduleId)],
          ['Chat', facts.sourceChatName],
          ['Model', model?.model],
          ['Credential', model?.type],
          ['Directory', toCode(config?.cwd)],
          ['Workspace', toCode(config?.workspaceId)],
          ['Permissions', state?.permissionContext?.mode],
          ['Tasks', toList(tasks.map(({ subject, state: progress }) => `${subject ?? 'Task'}: ${progress ?? '?'}`))],
        ]}
      />
      <Fold label="Summary in memory" value={state?.summary || null} />
      <Fold label="Parameters of the model" value={model?.parameters} />
      <Fold label="Allowed without asking" value={state?.permissionContext?.allowRules} />
      <Fold label="Asked about" value={state?.permissionContext?.askRules} />
    </>
  );
}

export function AgnoFacts({ session }: { readonly session: platformFacts_agno$key }): ReactNode {
  const facts = useFragment(
    graphql`
      fragment platformFacts_agno on AgnoSession {
        agentId teamId workflowId totalTokens sessionSummary sessionState metrics metadata
      }
    `,
    session,
  );
  return (
    <>
      <Facts
        facts={[
          ['Agent id', toCode(facts.agentId)],
          ['Team id', toCode(facts.teamId)],
          ['Workflow id', toCode(facts.workflowId)],
          ['Tokens', toCount(facts.totalTokens)],
        ]}
      />
      <Fold label="Summary" value={facts.sessionSummary} />
      <Fold label="State" value={facts.sessionState} />
      <Fold label="Metrics" value={facts.metrics} />
      <Fold label="Metadata" value={facts.metadata} />
    </>
  );
}
