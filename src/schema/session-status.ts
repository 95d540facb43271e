import { builder } from './builder.ts';

export const SessionStatus = builder.enumType('SessionStatus', {
  description:
    'What a session is doing, in words shared by all platforms. `nativeStatus` has the word of the platform.',
  values: {
    STARTING: { description: 'It is being prepared and cannot be used yet.' },
    RUNNING: { description: 'It is working.' },
    WAITING: { description: 'It has stopped until a person or a tool answers.' },
    IDLE: { description: 'It has nothing to do and can be continued.' },
    FAILED: { description: 'It ended with an error.' },
    ENDED: { description: 'It is over or gone and cannot be continued.' },
    UNKNOWN: { description: 'The platform does not tell, or uses a word this graph does not know.' },
  } as const,
});
