/** What the platforms of a suite hold. */
export interface WorldSource {
  readonly id: string;
  readonly provider: 'foundry' | 'everruns' | 'agentscope' | 'agno';
  readonly sessions: number;
  readonly agents: number;
}

export type World = readonly WorldSource[];

/** The user whose sessions every AgentScope source is asked for. */
export const user = 'alice';

/** AgentScope lists are complete and of one user, so they are short; the other platforms hold everybody's sessions. */
export const ordinaryWorld: World = [
  { id: 'foundry', provider: 'foundry', sessions: 600, agents: 4 },
  { id: 'everruns', provider: 'everruns', sessions: 600, agents: 4 },
  { id: 'agentscope', provider: 'agentscope', sessions: 40, agents: 3 },
  { id: 'agno', provider: 'agno', sessions: 600, agents: 4 },
];
