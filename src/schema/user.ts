import { referencedUser } from '../entities/reference.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { idKey } from './id-key.ts';
import { User } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';

User.implement({
  description: 'An end user of agents. Who that is, other services know; this one knows the sessions.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'The id of the user as the platforms have it, the same on all of them. Not a `Node` id.',
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'The sessions of the user, on every platform that knows users.',
      resolve: ({ id }, args, context) => sessionConnection(args, { userId: id }, context),
    }),
  }),
});

builder.asEntity(User, { key: idKey, resolveReference: (reference) => referencedUser(reference) });
