import type { BatchResult, Conversations } from './source.ts';

/** The part of a source for what its platform does not have. */

export async function answerNone(keys: readonly string[]): Promise<BatchResult<never>> {
  return keys.map(() => null);
}

export const withoutTeams = { listTeams: async () => [], teams: answerNone };

export const withoutWorkflows = { listWorkflows: async () => [], workflows: answerNone, workflowDetails: answerNone };

export const withoutAgentVersions = { agentVersions: answerNone, versionsOfAgents: answerNone };

export function withoutMessages(reason: string): { readonly conversations: Conversations } {
  return { conversations: { of: null, unsupported: reason } };
}
