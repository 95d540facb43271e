import type { WebSocket } from 'ws';
import { pong } from './messages.ts';

/** What is sent to the caller at the other end of a WebSocket. */
export interface Outbox {
  /** Resolves once the caller has taken it, or is gone. */
  send(message: string): Promise<void>;
  /** Keeps proxies from closing a quiet connection. */
  ping(): void;
  /** Answers a ping of the protocol. */
  pong(): void;
  /** From now on the caller is not waited for who takes nothing for a while. */
  hurry(): void;
}

const graceMs = 1_000;

export function createOutbox(socket: WebSocket): Outbox {
  let isPinging = false;
  let isPonging = false;
  socket.on('pong', () => {
    isPinging = false;
  });

  function send(message: string): Promise<void> {
    return new Promise((resolve) => socket.send(message, () => resolve()));
  }

  return {
    send,
    ping() {
      // Every subscription asks for pings; callers hang up who get too many at once.
      if (isPinging) return;
      isPinging = true;
      socket.ping();
    },
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
