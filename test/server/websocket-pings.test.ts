import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { createOutbox } from '../../src/server/websocket/outbox.ts';

/** What is done to a socket at the end of each of so many times 12 seconds; the other end answers the first pings only. */
function sentWithin(times: number, answered: number): readonly string[] {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const done: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    ping() {
      done.push('ping');
      if (done.length <= answered) socket.emit('pong');
    },
    terminate() {
      done.push('terminate');
      socket.emit('close');
    },
  });
  createOutbox(socket as unknown as WebSocket);
  vi.advanceTimersByTime(times * 12_000);
  return done;
}

test('a connection is pinged every twelve seconds, whatever is sent', () => {
  expect(sentWithin(3, 3)).toEqual(['ping', 'ping', 'ping']);
});

test('a caller who does not answer is pinged once, and is gone after a minute', () => {
  expect(sentWithin(2 + 5, 1)).toEqual(['ping', 'ping', 'terminate']);
  expect(sentWithin(2 + 4, 1)).toEqual(['ping', 'ping']);
  expect(sentWithin(100, 1)).toEqual(['ping', 'ping', 'terminate']);
});
