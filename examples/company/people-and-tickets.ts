import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';

export interface Ticket {
  readonly id: string;
  readonly title: string;
  readonly personId: string;
  readonly sessionId: string;
}

/** What this service keeps. Ids of sessions, agents and teams are those that the session graph gave out; it never looks into them. */
export interface Records {
  readonly tickets: readonly Ticket[];
  readonly agents: readonly Duty[];
  readonly teams: readonly Duty[];
}

export interface Duty {
  readonly id: string;
  readonly personId: string;
}

interface Person {
  readonly id: string;
  readonly name: string;
}

interface HasId {
  readonly id: string;
}

interface HasIds {
  readonly ids: readonly string[];
}

export const people: readonly Person[] = [
  { id: 'alice', name: 'Alice Abernathy' },
  { id: 'bob', name: 'Bob Brandt' },
  { id: 'carol', name: 'Carol Castellanos' },
];

export const peopleAndTicketsSdl = readFileSync(new URL('./people-and-tickets.graphql', import.meta.url), 'utf8');

export function createPeopleAndTickets({ tickets, agents, teams }: Records): GraphQLSchema {
  const personOf = (id: string) => people.find((person) => person.id === id) ?? null;
  const ticketOf = (id: string) => tickets.find((ticket) => ticket.id === id) ?? null;
  const booking = {
    costCenter: ({ id }: HasId) => costCenterOf(id),
    tickets: ({ id }: HasId) => tickets.filter(({ sessionId }) => sessionId === id),
  };
  return buildSubgraphSchema({
    typeDefs: parse(peopleAndTicketsSdl),
    resolvers: {
      Query: {
        people: () => people,
        person: (_root: unknown, { id }: HasId) => personOf(id),
        tickets: () => tickets,
        ticket: (_root: unknown, { id }: HasId) => ticketOf(id),
        peopleById: (_root: unknown, { ids }: HasIds) => ids.map(personOf),
        bookingsById: (_root: unknown, { ids }: HasIds) => ids.map((id) => ({ id })),
      },
      User: {
        __resolveReference: ({ id }: HasId) => personOf(id),
        tickets: ({ id }: Person) => tickets.filter(({ personId }) => personId === id),
        agents: ({ id }: Person) => agents.filter(({ personId }) => personId === id),
        teams: ({ id }: Person) => teams.filter(({ personId }) => personId === id),
      },
      Ticket: {
        __resolveReference: ({ id }: HasId) => ticketOf(id),
        openedBy: ({ personId }: Ticket) => personOf(personId),
        session: ({ sessionId }: Ticket) => ({ id: sessionId }),
      },
      Session: { __resolveReference: ({ id }: HasId) => ({ id }), ...booking },
      Booking: booking,
    },
  });
}

/** Stands for a look into the books. It differs from session to session, so that an answer given to the wrong one shows. */
export function costCenterOf(sessionId: string): string {
  return `CC-${createHash('sha256').update(sessionId).digest('hex').slice(0, 6)}`;
}
