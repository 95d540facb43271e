import type { InterfaceRef } from '@pothos/core';
import type { Connection } from '../connections/connection.ts';
import type { Edge } from '../connections/edge.ts';
import { builder, type Types } from './builder.ts';
import { SourceOutcome } from './outcome.ts';
import { PageInfo } from './page-info.ts';
import { Agent, Session, Team, Workflow } from './refs.ts';

export const SessionConnection = connectionOf('Session', { one: 'session', many: 'sessions' }, Session);
export const AgentConnection = connectionOf('Agent', { one: 'agent', many: 'agents' }, Agent);
export const TeamConnection = connectionOf('Team', { one: 'team', many: 'teams' }, Team);
export const WorkflowConnection = connectionOf('Workflow', { one: 'workflow', many: 'workflows' }, Workflow);

/** The connection and edge types of one kind of node. */
function connectionOf<Row>(
  name: string,
  words: { readonly one: string; readonly many: string },
  node: InterfaceRef<Types, Row>,
) {
  const EdgeType = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One ${words.one} of a page, with its cursor.`,
    fields: (t) => ({
      node: t.expose('node', { type: node, description: `The ${words.one}.` }),
      cursor: t.string({
        description: `The position of the ${words.one} in the list, for \`after\` and \`before\`.`,
        resolve: (edge) => edge.cursor(),
      }),
    }),
  });
  return builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of ${words.many}, merged from every source in the list.`,
    fields: (t) => ({
      edges: t.expose('edges', { type: [EdgeType], description: `The ${words.many} with their cursors.` }),
      nodes: t.field({
        type: [node],
        description: `The ${words.many} without cursors.`,
        resolve: (connection) => connection.edges.map((edge) => edge.node),
      }),
      pageInfo: t.expose('pageInfo', {
        type: PageInfo,
        description: 'Whether more pages come before and after this one, and the cursors that lead to them.',
      }),
      totalCount: t.int({
        nullable: true,
        description:
          'The exact number of items in the whole list. Null when it is not known, because a source cannot count its items, could not be read, or leaves the filtering to this server.',
        resolve: (connection) => connection.totalCount(),
      }),
      outcomes: t.expose('outcomes', {
        type: [SourceOutcome],
        description: 'How reading each source went. Anything that could not be read is reported here.',
      }),
    }),
  });
}
