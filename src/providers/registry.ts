import { agentscope } from './agentscope/index.ts';
import { agno } from './agno/index.ts';
import { everruns } from './everruns/index.ts';
import { foundry } from './foundry/index.ts';
import type { Provider } from './provider.ts';

/** One line for each provider; configuration, schema, sandbox and contract tests derive from it. */
export const registry: readonly Provider<unknown>[] = [foundry, everruns, agentscope, agno];
