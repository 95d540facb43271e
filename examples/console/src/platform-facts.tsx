import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { platformFacts_session$key } from '#relay/platformFacts_session.graphql.ts';
import { Facts, Fold } from './facts.tsx';
import { toLabel } from './words.ts';

/** What has no shape that a page could know. */
const freeForm = /^(summary|state|metrics|metadata|parameters|allowed|asked)/;

/** Shows what it asks for, each under its name here: one more fact is one more line of the fragment. */
export function PlatformFacts({ session }: { readonly session: platformFacts_session$key }): ReactNode {
  const data = useFragment(
    graphql`
      fragment platformFacts_session on Session {
        ... on FoundrySession {
          agentName
          versionIndicator { agentVersion }
          version: agentVersion {
            versionState: status
            definition { cpu memory }
          }
          lastUsed: lastAccessedAt
          stopped: stoppedAt
          expires: expiresAt
        }
        ... on EverrunsSession {
          tags
          capabilities { ref }
          started: startedAt
          finished: finishedAt
          usage { tokensIn: inputTokens tokensOut: outputTokens tokensFromCache: cacheReadTokens }
          modelId
          language: locale
          pinned: isPinned
          organization: organizationId
          workspace: workspaceId
          onThePlatform: viewUrl
        }
        ... on AgentScopeSession {
          workingNow: isRunning
          startedBy: origin
          schedule: sourceScheduleId
          chat: sourceChatName
          config {
            chatModelConfig { model credential: type parametersOfTheModel: parameters }
            directory: cwd
            workspace: workspaceId
          }
          memory: state {
            summaryInMemory: summary
            permissionContext { permissions: mode allowedWithoutAsking: allowRules askedAbout: askRules }
            tasksContext { tasks { subject state } }
          }
        }
        ... on AgnoSession {
          agentId teamId workflowId
          tokens: totalTokens
          summary: sessionSummary
          state: sessionState
          metrics metadata
        }
      }
    `,
    session,
  );
  const facts = toFacts(data);
  return (
    <>
      <Facts facts={facts.filter(([name]) => !freeForm.test(name)).map(([name, value]) => [toLabel(name), value])} />
      {facts.map(([name, value]) => freeForm.test(name) && <Fold key={name} label={toLabel(name)} value={value} />)}
    </>
  );
}

/** An object of the graph is there for its fields; one without a shape is itself a fact. */
function toFacts(data: object): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(data).flatMap(([name, value]) =>
    typeof value !== 'object' || value === null || Array.isArray(value) || freeForm.test(name)
      ? [[name, value] as const]
      : toFacts(value),
  );
}
