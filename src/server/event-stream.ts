import type { ExecutionResult, GraphQLError } from 'graphql';

// Proxies close a connection on which nothing is sent for a minute.
const pingMs = 12_000;

const encoder = new TextEncoder();
const ping = encoder.encode(':\n\n');
const complete = encoder.encode('event: complete\ndata:\n\n');

/**
 * Results as events of the GraphQL over SSE protocol. Each is asked for when the one before was taken; a timer runs only while
 * one is waited for. Yoga's own stream reads ahead, and its timer goes on when nobody reads it.
 */
export function toEventStream(results: AsyncIterator<ExecutionResult>): ReadableStream<Uint8Array> {
  let isLeft = false;
  return new ReadableStream<Uint8Array>(
    {
      // Some browsers see no answer before its first byte.
      start: (controller) => controller.enqueue(ping),
      async pull(controller) {
        const timer = setInterval(() => {
          if ((controller.desiredSize ?? -1) >= 0) controller.enqueue(ping);
        }, pingMs);
        try {
          const result = await results.next();
          if (isLeft) return;
          controller.enqueue(result.done ? complete : encoder.encode(`event: next\ndata: ${toText(result.value)}\n\n`));
          if (result.done) controller.close();
        } finally {
          clearInterval(timer);
        }
      },
      async cancel() {
        isLeft = true;
        await results.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

function toText({ errors, ...result }: ExecutionResult): string {
  return JSON.stringify(errors === undefined ? result : { errors: errors.map(toWritten), ...result });
}

/** Without what is said to this server alone. */
function toWritten(error: GraphQLError): object {
  const { extensions = {}, ...written } = error.toJSON();
  const { http: _, unexpected: __, ...told } = extensions;
  return { ...written, extensions: told };
}
