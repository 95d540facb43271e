import { createYoga } from 'graphql-yoga';
import { askAt, dataOf } from './ask.ts';
import { createPeopleAndTickets, people, peopleAndTicketsSdl, type Records } from './people-and-tickets.ts';
import { serve } from './serve.ts';
import { type SessionGraph, startSessionGraph } from './session-graph.ts';

export interface Company {
  readonly sessions: SessionGraph;
  readonly people: { readonly url: string; readonly sdl: string; requests(): number };
  readonly records: Records;
  forget(): void;
  close(): Promise<void>;
}

/** The two services of the company, each on a port of the loopback address. */
export async function startCompany(size: number): Promise<Company> {
  const sessions = await startSessionGraph({ size });
  try {
    const records = await fileRecords(sessions.url);
    const yoga = createYoga({ schema: createPeopleAndTickets(records), logging: false, graphiql: false });
    let requests = 0;
    const served = await serve((request, response) => {
      requests += 1;
      void yoga(request, response);
    });
    return {
      sessions,
      people: { url: served.url, sdl: peopleAndTicketsSdl, requests: () => requests },
      records,
      forget() {
        requests = 0;
        sessions.forget();
      },
      async close() {
        await served.close();
        await sessions.close();
      },
    };
  } catch (error) {
    await sessions.close();
    throw error;
  }
}

interface Listed {
  readonly sources: readonly {
    readonly name: string;
    readonly sessions: { readonly nodes: readonly { readonly id: string }[] };
    readonly agents: { readonly nodes: readonly { readonly id: string }[] };
    readonly teams: { readonly nodes: readonly { readonly id: string }[] };
  }[];
}

/** Tickets about two sessions of every source, and one person for each source's newest agents and teams. */
async function fileRecords(url: string): Promise<Records> {
  const ask = askAt(url);
  const { sources } = await dataOf<Listed>(
    ask(`{
      sources {
        name
        sessions(first: 6) { nodes { id } }
        agents(first: 2) { nodes { id } }
        teams(first: 2) { nodes { id } }
      }
    }`),
  );
  const listed = sources.flatMap(({ sessions }) => sessions.nodes.map(({ id }) => id));
  const { sessionsById } = await dataOf<{ readonly sessionsById: readonly ({ readonly id: string } | null)[] }>(
    ask('query ($ids: [ID!]!) { sessionsById(ids: $ids) { id } }', { ids: listed }),
  );
  // Some platforms still list sessions that are gone; nobody opens a ticket about those.
  const readable = new Set(sessionsById.flatMap((session) => session?.id ?? []));
  const personId = (index: number) => people[index % people.length]?.id ?? '';
  const tickets = sources.flatMap(({ name, sessions }) => {
    const ids = sessions.nodes.map(({ id }) => id).filter((id) => readable.has(id));
    return ids.slice(0, 2).map((sessionId) => ({ title: `Look into a session on ${name}`, sessionId }));
  });
  return {
    tickets: tickets.map((ticket, index) => ({ id: `T-${index + 1}`, personId: personId(index), ...ticket })),
    agents: sources.flatMap(({ agents }, index) => agents.nodes.map(({ id }) => ({ id, personId: personId(index) }))),
    teams: sources.flatMap(({ teams }, index) => teams.nodes.map(({ id }) => ({ id, personId: personId(index) }))),
  };
}
