import type { TeamMemberRecord } from '../domain/records.ts';
import { toNodeId } from '../entities/node-id.ts';
import { referencedEntity } from '../entities/reference.ts';
import { sourceOf } from '../entities/source-of.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { builder } from './builder.ts';
import { SessionConnection } from './connection.ts';
import { idKey } from './id-key.ts';
import { Agent, Node, Session, Source, Team } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';
import { typeName } from './type-names.ts';

const TeamMember = builder.objectRef<TeamMemberRecord>('TeamMember');

Team.implement({
  description: 'Agents that work together.',
  interfaces: [Node],
  resolveType: ({ provider }) => typeName('team', provider),
  fields: (t) => ({
    id: t.id({
      description: 'Unique in the whole graph. Opaque: do not take it apart.',
      resolve: (team) => toNodeId('team', team),
    }),
    nativeId: t.exposeString('nativeId', { description: 'The id as the platform spells it.' }),
    source: t.field({
      type: Source,
      description: 'Where the team lives.',
      resolve: (team, _args, context) => sourceOf(team, context),
    }),
    name: t.exposeString('name', { nullable: true, description: 'What people call it. Null when it has no name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, if anybody wrote that down.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was created. Null when the platform does not report it.',
    }),
    leader: t.expose('leader', {
      type: Agent,
      nullable: true,
      description: 'The agent that leads it. Null when no agent does or the leader is gone.',
    }),
    members: t.expose('members', { type: [TeamMember], description: 'Who works in it, as the team tells.' }),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description: 'Its sessions.',
      resolve: ({ sourceId, key }, args, context) => sessionConnection(args, { team: { sourceId, key } }, context),
    }),
  }),
});

TeamMember.implement({
  description: 'One place in a team, taken by an agent or by another team.',
  fields: (t) => ({
    agent: t.expose('agent', {
      type: Agent,
      nullable: true,
      description: 'The agent in this place, as the team describes it. Null when a team is.',
    }),
    team: t.expose('team', {
      type: Team,
      nullable: true,
      description: 'The team in this place, as the team describes it. Null when an agent is.',
    }),
    session: t.field({
      type: Session,
      nullable: true,
      description: 'The session in which the member does its part. Null when the platform has none or it is gone.',
      resolve: ({ session }, _args, context) => (session === null ? null : context.loaders.session.load(session)),
    }),
  }),
});

builder.asEntity(Team, {
  key: idKey,
  resolveReference: (reference, context) => referencedEntity('team', null, reference, context),
});
