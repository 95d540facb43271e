import { onTestFinished } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import type { OperationContext } from '../../src/context.ts';
import { type Contexts, createContexts } from '../../src/create-context.ts';
import type { Make } from '../../src/domain/make.ts';
import { type Asked, type AskedConfig, open, patient } from '../server/ask.ts';

export interface Counted extends Asked {
  readonly contexts: Contexts;
  /** Of the pages that were asked for, how many were merged and how many were given. */
  pages(): { readonly merged: number; readonly given: number };
}

/** The server, and how it came by its pages. It ends with the test. */
export function openCounted(config: AskedConfig): Counted {
  const contexts = contextsOf(config);
  const counts = { merged: 0, given: 0 };
  const counting =
    (make: Make): Make =>
    async (order) => {
      let isMerged = false;
      const made = await make({
        ...order,
        make() {
          isMerged = true;
          return order.make();
        },
      });
      counts[isMerged ? 'merged' : 'given'] += 1;
      return made;
    };
  const server = openChanged(config, contexts, (context) => ({ ...context, make: counting(context.make) }));
  return { ...server, contexts, pages: () => ({ ...counts }) };
}

export function contextsOf({ server = {}, sources = [] }: AskedConfig): Contexts {
  return createContexts(toConfig({ server: { port: 0, ...patient, ...server }, sources }));
}

/** The server, with something changed in each operation. It ends with the test. */
export function openChanged(
  config: AskedConfig,
  contexts: Contexts,
  change: (context: OperationContext) => OperationContext,
): Asked {
  const create: Contexts['create'] = (operation) => change(contexts.create(operation));
  const server = open(config, { contexts: { ...contexts, create } });
  onTestFinished(() => server.app.close());
  return server;
}
