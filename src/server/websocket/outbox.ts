import type { WebSocket } from 'ws';
import { pong } from './messages.ts';

/** What is sent to the caller at the other end of a WebSocket. */
export interface Outbox {
  /** Resolves once the caller has taken it, or is gone. */
  send(message: string): Promise<void>;
  /** Answers a ping of the protocol. */
  pong(): void;
  /** From now on the caller is not waited for who takes nothing for a while. */
  hurry(): void;
}

const graceMs = 1_000;
/** Proxies close a quiet connection after a minute. */
const pingMs = 12_000;
/** So many answers in a row may be missing before the caller counts as gone. */
const maxMissing = 5;

export function createOutbox(socket: WebSocket): Outbox {
  let isPonging = false;
  let missing = 0;
  const pings = setInterval(() => {
    if (missing === maxMissing) return socket.terminate();
    missing += 1;
    // Callers hang up who get too many at once.
    if (missing === 1) socket.ping();
  }, pingMs);
  socket.on('pong', () => {
    missing = 0;
  });
  socket.once('close', () => clearInterval(pings));

  function send(message: string): Promise<void> {
    return new Promise((resolve) => socket.send(message, () => resolve()));
  }

  return {
    send,
    async pong() {
      // Of many that nobody reads one is enough.
      if (isPonging) return;
      isPonging = true;
      await send(pong);
      isPonging = false;
    },
    hurry() {
      let untaken = 0;
      const timer = setInterval(() => {
        if (untaken > 0 && socket.bufferedAmount >= untaken) socket.terminate();
        untaken = socket.bufferedAmount;
      }, graceMs);
      socket.once('close', () => clearInterval(timer));
    },
  };
}
