import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { storeContract } from './store-contract.ts';

storeContract('memory', {
  open: async (maxSessions = 10_000) => createMemoryStore({ maxSessions }),
  isBounded: true,
  removalsUntilForgotten: 20_000,
});
