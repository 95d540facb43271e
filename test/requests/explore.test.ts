import { test } from 'vitest';
import { startWorld } from './world.ts';
const agents = `query ($id: ID!) { source(id: $id) { sessions(first: 100) { nodes { id agent { name } } } } }`;
const deep = `query ($id: ID!) { source(id: $id) { sessions(first: 20) { nodes { agent { sessions(first: 5) { nodes { team { members { agent { name } } } } } } } } } }`;
test('explore', async () => {
  const w = await startWorld(
    { id: 'foundry', platform: 'foundry' },
    { id: 'everruns', platform: 'everruns' },
    { id: 'as200', platform: 'agentscope', dialect: '2.0.0' },
    { id: 'as201', platform: 'agentscope', dialect: '2.0.1' },
    { id: 'as206', platform: 'agentscope', dialect: '2.0.6' },
    { id: 'agno23', platform: 'agno', dialect: '2.3' },
    { id: 'agno29', platform: 'agno', dialect: '2.9' },
  );
  for (const id of ['foundry', 'everruns', 'as200', 'as201', 'as206', 'agno23', 'agno29']) {
    for (const [n, q] of Object.entries({ agents, deep })) {
      const a = await w.run(q, { id });
      console.log(id, n, a.errors, a.requests[id]?.length, a.requests[id]?.slice(0, 60));
    }
  }
  await w.close();
});
