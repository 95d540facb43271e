import type { AgentScopeDialect } from './platform.ts';

/** Oldest first. */
export const AGENTSCOPE_DIALECTS: readonly AgentScopeDialect[] = ['2.0.0', '2.0.1', '2.0.6', '2.0.10'];

/** Whether a dialect has what `first` brought. */
export function isSince(dialect: string | null, first: AgentScopeDialect): boolean {
  const known: readonly (string | null)[] = AGENTSCOPE_DIALECTS;
  return known.indexOf(dialect) >= known.indexOf(first);
}
