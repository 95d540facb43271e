import { expect, test } from 'vitest';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import { sendJson, startServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

test('what is asked for after the deadline takes nothing of the budget and reaches nobody', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const source = startSource(server.url);
  // With a connection open, a request that is not held back arrives at once.
  await source.open(createCall()).get('/before', { schema: anything });
  const budget = createRequestBudget(10);
  const past = source.open(createCall({ deadline: performance.now() - 1, budget }));
  expect((await failureOf(past.get('/after', { schema: anything }))).code).toBe('UPSTREAM_TIMEOUT');
  expect(budget.remaining()).toBe(10);
  expect(server.requests).toEqual(['GET /before']);
});
