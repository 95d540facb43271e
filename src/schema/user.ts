import { referencedUser } from '../entities/reference.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { idKey } from './id-key.ts';
import { User } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';

User.implement({
  description: 'An end user of agents. This graph knows only their sessions; other subgraphs can add who they are.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'The id of the user on the platforms; the same id on two platforms is the same user. It is not a `Node` id.',
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'The sessions of the user, from every platform that has users.',
      resolve: ({ id }, args, context) => sessionConnection(args, { userId: id }, context),
    }),
  }),
});

builder.asEntity(User, { key: idKey, resolveReference: (reference) => referencedUser(reference) });
