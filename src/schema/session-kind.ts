import { builder } from './builder.ts';

export const SessionKind = builder.enumType('SessionKind', {
  description: 'What a session runs.',
  values: {
    AGENT: { description: 'One agent.' },
    TEAM: { description: 'A team of agents.' },
    WORKFLOW: { description: 'A workflow of steps.' },
  } as const,
});
