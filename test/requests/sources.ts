import type { WorldSource } from './world.ts';

/** Every platform, in every version that differs. */
export const everySource: readonly WorldSource[] = [
  { id: 'foundry', platform: 'foundry' },
  { id: 'everruns', platform: 'everruns' },
  { id: 'agentscope-2.0.0', platform: 'agentscope', dialect: '2.0.0' },
  { id: 'agentscope-2.0.1', platform: 'agentscope', dialect: '2.0.1' },
  { id: 'agentscope-2.0.6', platform: 'agentscope', dialect: '2.0.6' },
  { id: 'agno-2.3', platform: 'agno', dialect: '2.3' },
  { id: 'agno-2.9', platform: 'agno', dialect: '2.9' },
];

/** What is in the first list as often as it is not in the second. */
export function without(all: readonly string[], known: readonly string[]): readonly string[] {
  const left = [...all];
  for (const each of known) {
    const index = left.indexOf(each);
    if (index !== -1) left.splice(index, 1);
  }
  return left;
}
