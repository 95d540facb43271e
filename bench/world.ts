/** What the platforms of a suite hold. */
export interface WorldSource {
  readonly id: string;
  readonly provider: 'foundry' | 'everruns' | 'agentscope' | 'agno';
  readonly sessions: number;
  readonly agents: number;
}

export type World = readonly WorldSource[];

/** The user whose sessions AgentScope sources are asked for, and whose every viewer is shown. */
export const user = 'alice';

/** AgentScope lists are complete and of one user, so they are short; the other platforms hold everybody's sessions. */
export const ordinaryWorld: World = [
  { id: 'foundry', provider: 'foundry', sessions: 600, agents: 4 },
  { id: 'everruns', provider: 'everruns', sessions: 600, agents: 4 },
  { id: 'agentscope', provider: 'agentscope', sessions: 40, agents: 3 },
  { id: 'agno', provider: 'agno', sessions: 600, agents: 4 },
];

export const largeWorld: World = ordinaryWorld.map((source) =>
  source.provider === 'agentscope' ? source : { ...source, sessions: 5000 },
);

export const oneSource: World = ordinaryWorld.filter(({ provider }) => provider === 'everruns');

export const manySources: World = Array.from({ length: 25 }, (_, index) =>
  ordinaryWorld.map((source) => ({ ...source, id: `${source.id}-${index}` })),
).flat();

/** Every fourth agent is of a kind that has no sessions. */
export const manyAgents: World = [{ id: 'foundry', provider: 'foundry', sessions: 10_000, agents: 667 }];

/** Most are of the platform whose sandbox keeps a session in the fewest bytes. */
export const millionWorld: World = [
  { id: 'foundry', provider: 'foundry', sessions: 50_000, agents: 4 },
  { id: 'everruns', provider: 'everruns', sessions: 899_960, agents: 4 },
  { id: 'agentscope', provider: 'agentscope', sessions: 40, agents: 3 },
  { id: 'agno', provider: 'agno', sessions: 50_000, agents: 4 },
];
