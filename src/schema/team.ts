import type { TeamMemberRecord } from '../domain/records.ts';
import { referencedEntity } from '../entities/reference.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { entityFields, namedFields } from './entity-fields.ts';
import { idKey } from './id-key.ts';
import { Agent, Node, Session, Team } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { typeName } from './type-names.ts';

const TeamMember = builder.objectRef<TeamMemberRecord>('TeamMember');

Team.implement({
  description: 'Several agents that work together.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('team', provider),
  fields: (t) => ({
    ...entityFields(t, 'team', { noun: 'team', nativeId: 'Its id on the platform.' }),
    ...namedFields(t),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was created. Null when the platform does not report it.',
    }),
    leader: t.expose('leader', {
      type: Agent,
      nullable: true,
      description: 'The agent that leads it. Null when no agent leads it, or the leader no longer exists.',
    }),
    members: t.expose('members', {
      type: [TeamMember],
      description: 'Its members, as the platform lists them in the team.',
    }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'The sessions that run this team or belong to it.',
      resolve: ({ sourceId, key }, args, context) => sessionConnection(args, { team: { sourceId, key } }, context),
    }),
  }),
});

TeamMember.implement({
  description: 'A member of a team: an agent, or another team.',
  fields: (t) => ({
    agent: t.expose('agent', {
      type: Agent,
      nullable: true,
      description: 'The member, as the team describes it. Null when the member is a team.',
    }),
    team: t.expose('team', {
      type: Team,
      nullable: true,
      description: 'The member, as the team describes it. Null when the member is an agent.',
    }),
    session: t.field({
      type: Session,
      nullable: true,
      description:
        'The session in which the member does its part. Null when the platform has none, or the session no longer exists.',
      resolve: ({ session }, _args, context) => (session === null ? null : context.loaders.session.load(session)),
    }),
  }),
});

builder.asEntity(Team, {
  key: idKey,
  resolveReference: (reference, context) => referencedEntity('team', null, reference, context),
});
