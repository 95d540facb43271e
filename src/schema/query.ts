import type { InterfaceRef } from '@pothos/core';
import type { EntityRecord } from '../domain/records.ts';
import { entityById, loadEachId } from '../entities/load-entity.ts';
import { toSourceId } from '../entities/node-id.ts';
import { toUser } from '../entities/reference.ts';
import type { EntityName } from '../providers/shape.ts';
import { agentConnection } from '../resolvers/query/agents.ts';
import { catalog } from '../resolvers/query/catalog.ts';
import { node } from '../resolvers/query/node.ts';
import { sessionConnection } from '../resolvers/query/sessions.ts';
import { teamConnection } from '../resolvers/query/teams.ts';
import { workflowConnection } from '../resolvers/query/workflows.ts';
import { selectedFields } from '../selection/selected-fields.ts';
import { builder, type QueryFields, type Types } from './builder.ts';
import { Catalog } from './catalog.ts';
import { AgentConnection, SessionConnection, TeamConnection, WorkflowConnection } from './connection.ts';
import { agentArguments, teamArguments, workflowArguments } from './list-arguments.ts';
import { Agent, Node, Session, Source, Team, User, Workflow } from './refs.ts';
import { sessionArguments } from './session-arguments.ts';

const idArgument = builder.args((t) => ({ id: t.id({ required: true, description: 'The global id.' }) }));
const idsArgument = builder.args((t) => ({
  ids: t.idList({ required: true, description: 'The global ids, at most 100.' }),
}));

type Noun = Exclude<EntityName, 'agentVersion'>;

/** One of these by its id, and several by theirs. */
function byId(t: QueryFields, noun: Noun, type: InterfaceRef<Types, EntityRecord>) {
  return {
    [noun]: t.field({
      type,
      nullable: true,
      args: idArgument,
      description: `The ${noun} with this id. Null when it no longer exists or is not visible to you.`,
      resolve: (_root, { id }, context) => entityById(noun, id, context),
    }),
    [`${noun}sById`]: t.field({
      type: [type],
      nullable: { list: false, items: true },
      args: idsArgument,
      description: `The ${noun}s with these ids, in the order of the ids. An item is null when it no longer exists, is not visible to you or cannot be read.`,
      resolve: (_root, { ids }, context) => loadEachId(ids, (id) => entityById(noun, id, context)),
    }),
  };
}

/**
 * In a company graph one subgraph answers `node` and `nodes`. They are not `@shareable`: a gateway may then ask any subgraph,
 * and each can resolve only its own ids. A subgraph that answers them for all takes them over with
 * `@override(from: "<name of this subgraph>")`, which composes without a change here.
 */
builder.queryType({
  description: 'The agent sessions of all configured platforms, as one graph.',
  fields: (t) => ({
    node: t.field({
      type: Node,
      nullable: true,
      args: idArgument,
      description: 'The object with this id, of whatever type. Null when it no longer exists or is not visible to you.',
      resolve: (_root, { id }, context) => node(id, context),
    }),
    nodes: t.field({
      type: [Node],
      nullable: { list: false, items: true },
      args: idsArgument,
      description:
        'The objects with these ids, in the order of the ids. An item is null when it no longer exists, is not visible to you or cannot be read.',
      resolve: (_root, { ids }, context) => loadEachId(ids, (id) => node(id, context)),
    }),
    ...byId(t, 'session', Session),
    sessions: t.field({
      type: SessionConnection,
      nullable: true,
      args: sessionArguments,
      description:
        'The sessions of all sources, merged into one list. A source that fails is reported in `outcomes`; the field itself fails only when the page has no items and every source that may have more failed.',
      resolve: (_root, args, context) => sessionConnection(args, {}, context),
    }),
    ...byId(t, 'agent', Agent),
    agents: t.field({
      type: AgentConnection,
      nullable: true,
      args: agentArguments,
      description:
        'The agents of all sources, newest first unless `orderBy` says otherwise; those without a time of creation come last.',
      resolve: (_root, args, context) => agentConnection(args, undefined, context),
    }),
    ...byId(t, 'team', Team),
    teams: t.field({
      type: TeamConnection,
      nullable: true,
      args: teamArguments,
      description:
        'The teams of all sources, newest first unless `orderBy` says otherwise; those without a time of creation come last.',
      resolve: (_root, args, context) => teamConnection(args, undefined, context),
    }),
    ...byId(t, 'workflow', Workflow),
    workflows: t.field({
      type: WorkflowConnection,
      nullable: true,
      args: workflowArguments,
      description: 'The workflows of all sources, by name unless `orderBy` says otherwise.',
      resolve: (_root, args, context) => workflowConnection(args, undefined, context),
    }),
    catalog: t.field({
      type: Catalog,
      nullable: true,
      description:
        'The catalog: a searchable copy of the sessions of some sources. Null when this server copies no source.',
      resolve: (_root, _args, context, info) => catalog(context, () => selectedFields(info, 'Catalog').has('mark')),
    }),
    sessionViewer: t.field({
      type: User,
      nullable: true,
      description:
        'You: the end user whose `id` is the name by which this server knows you. Null when you are anonymous. `Source.readAs` says which sources show you only your own sessions.',
      resolve: (_root, _args, { viewerId }) => toUser(viewerId),
    }),
    sources: t.field({
      type: [Source],
      description: 'All configured sources, in the order of the configuration.',
      resolve: (_root, _args, context) => [...context.sources.values()],
    }),
    source: t.field({
      type: Source,
      nullable: true,
      args: { id: t.arg.id({ required: true, description: 'The `slug` or the `id` of the source.' }) },
      description: 'The source with this slug or id. Null when none is configured.',
      resolve: (_root, { id }, context) => context.sources.get(toSourceId(id)) ?? null,
    }),
  }),
});
