/** The side of a child process: it answers what its parent asks, and ends with it. */

export type Handlers = Readonly<Record<string, (options: never) => unknown>>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly options: unknown;
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export function answerParent(handlers: Handlers): void {
  if (process.send === undefined) throw new Error('Only the runner starts this process.');
  process.once('disconnect', () => process.exit());
  process.on('message', (question: Question) => void answer(question, handlers));
}

async function answer({ id, name, options }: Question, handlers: Handlers): Promise<void> {
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`There is no handler ${name}.`);
    process.send?.({ id, value: await handler(options as never) } satisfies Reply);
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
