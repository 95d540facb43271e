import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from '../http/redis-stand-in.ts';

/** Stands between a client and a server on loopback. */
export interface Gate {
  readonly port: number;
  /** From now on nothing passes, and nothing is closed: as when a cable is cut. */
  cut(): void;
  /** What was cut is closed, and what is new passes. */
  mend(): void;
}

export async function startGate(target: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => void (isCut || to.write(bytes)));
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        if (!isCut) to.destroy();
      });
    }
  });
  const port = await listen(server, 0);
  const closeAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    closeAll();
  });
  return {
    port,
    cut() {
      isCut = true;
    },
    mend() {
      closeAll();
      isCut = false;
    },
  };
}
