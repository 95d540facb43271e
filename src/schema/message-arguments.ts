import { builder } from './builder.ts';
import { MessageRole } from './message-role.ts';

export const messageArguments = builder.args((t) => ({
  ...t.connectionArgs(),
  roles: t.field({
    type: [MessageRole],
    description: 'Only messages of these roles; all when it is not given.',
  }),
}));
