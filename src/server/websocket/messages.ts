/**
 * Messages of the protocol graphql-transport-ws, which is called graphql-ws after its first implementation:
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export const protocol = 'graphql-transport-ws';

export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: 'ping' | 'pong' }
  | { readonly type: 'complete'; readonly id: string }
  /** The body is what would be sent by POST. */
  | { readonly type: 'subscribe'; readonly id: string; readonly body: string };

export const closing = {
  goingAway: { code: 1001, reason: 'Going away' },
  tryAgainLater: { code: 1013, reason: 'Try again later' },
  badMessage: { code: 4400, reason: 'Invalid message' },
  notInitialised: { code: 4401, reason: 'Unauthorized' },
  forbidden: { code: 4403, reason: 'Forbidden' },
  initialisedTooLate: { code: 4408, reason: 'Connection initialisation timeout' },
  idInUse: { code: 4409, reason: 'Subscriber already exists' },
  initialisedTwice: { code: 4429, reason: 'Too many initialisation requests' },
  failed: { code: 4500, reason: 'Internal server error' },
} as const;

export type Closing = (typeof closing)[keyof typeof closing];

export const acknowledgement = '{"type":"connection_ack"}';
export const pong = '{"type":"pong"}';

export function toComplete(id: string): string {
  return JSON.stringify({ type: 'complete', id });
}

/** The payload is JSON already. */
export function toMessage(type: 'next' | 'error', id: string, payload: string): string {
  return `{"type":"${type}","id":${JSON.stringify(id)},"payload":${payload}}`;
}

/** Null when it is no message of the protocol. */
export function readMessage(text: string): ClientMessage | null {
  try {
    const message: unknown = JSON.parse(text);
    return isRecord(message) ? toClientMessage(message) : null;
  } catch {
    return null;
  }
}

function toClientMessage({ type, id, payload = null }: Readonly<Record<string, unknown>>): ClientMessage | null {
  if (payload !== null && !isRecord(payload)) return null;
  if (type === 'connection_init') return { type, payload: payload ?? {} };
  if (type === 'ping' || type === 'pong') return { type };
  if (typeof id !== 'string' || id === '') return null;
  if (type === 'complete') return { type, id };
  return type === 'subscribe' && payload !== null ? { type, id, body: JSON.stringify(payload) } : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
