import type { ServerResponse } from 'node:http';

/** Sends bodies that go on for long. */
export interface StreamSender {
  /** Sends each piece when the caller has taken those before, until the body ends or the caller leaves. */
  send(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void>;
  /** To be called when the bodies are about to end: from now on nobody waits long for callers who take nothing. */
  close(): void;
}

const graceMs = 1_000;

export function createStreamSender(): StreamSender {
  const open = new Set<ServerResponse>();
  let isClosing = false;

  function hurry(response: ServerResponse): void {
    const timer = setTimeout(() => response.destroy(), graceMs);
    response.once('close', () => clearTimeout(timer));
  }

  return {
    async send(body, response) {
      const reader = body.getReader();
      if (response.destroyed) return reader.cancel();
      open.add(response);
      let leaving: Promise<void> | null = null;
      const leave = () => {
        leaving = reader.cancel();
      };
      response.once('close', leave).once('close', () => open.delete(response));
      if (isClosing) hurry(response);
      try {
        response.flushHeaders();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          if (!response.write(value)) await taken(response);
        }
        response.end();
        await leaving;
      } finally {
        response.off('close', leave);
      }
    },
    close() {
      isClosing = true;
      for (const response of open) hurry(response);
    },
  };
}

/** Resolves once the caller has taken what was written, or has left. */
function taken(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
