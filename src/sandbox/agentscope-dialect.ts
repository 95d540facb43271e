/** Oldest first. */
export const agentScopeDialects = ['2.0.0', '2.0.1', '2.0.6', '2.0.10'] as const;

export type AgentScopeDialect = (typeof agentScopeDialects)[number];

/** Whether a dialect has what `first` brought. */
export function isSince(dialect: string | null, first: AgentScopeDialect): boolean {
  const known: readonly (string | null)[] = agentScopeDialects;
  return known.indexOf(dialect) >= known.indexOf(first);
}
