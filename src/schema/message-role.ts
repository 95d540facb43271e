import { builder } from './builder.ts';

export const MessageRole = builder.enumType('MessageRole', {
  description:
    'Who speaks in a message, in words common to all platforms. `nativeRole` has the word of the platform itself.',
  values: {
    SYSTEM: { description: 'Instructions for the model.' },
    USER: { description: 'The user, or whoever speaks in the place of one.' },
    ASSISTANT: { description: 'The agent.' },
    TOOL: {
      description: 'A tool that the agent has called. Some platforms keep its answers in the messages of the agent.',
    },
    UNKNOWN: { description: 'The platform uses a word that this graph does not know.' },
  } as const,
});
