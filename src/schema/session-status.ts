import { builder } from './builder.ts';

export const SessionStatus = builder.enumType('SessionStatus', {
  description: "What a session is doing, in words common to all platforms. `nativeStatus` has the platform's own word.",
  values: {
    STARTING: { description: 'It is being prepared and cannot be used yet.' },
    RUNNING: { description: 'It is working.' },
    WAITING: { description: 'It waits for a person or a tool to answer.' },
    IDLE: { description: 'It is not working and can be continued.' },
    FAILED: { description: 'It ended with an error.' },
    ENDED: { description: 'It is over, or was deleted, and cannot be continued.' },
    UNKNOWN: { description: 'The platform does not report a status, or uses a word that this graph does not know.' },
  } as const,
});
