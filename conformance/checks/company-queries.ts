import { type Ask, dataOf } from '../../examples/company/ask.ts';
import type { Company } from '../../examples/company/company.ts';
import { costCenterOf, people, type Records } from '../../examples/company/people-and-tickets.ts';
import { must } from '../check.ts';

export interface CompanyQuery {
  readonly name: string;
  readonly text: string;
  /** The right answer without a gateway: this server's part by one direct query, the other service's from its records. */
  joinedByHand(company: Company, ask: Ask): Promise<unknown>;
  /** Requests to this server. */
  readonly requests: Readonly<Record<'hive' | 'apollo' | 'stitched', number>>;
}

interface SessionPart {
  readonly __typename: string;
  readonly id: string;
  readonly title: string | null;
}

interface Page<Node> {
  readonly nodes: readonly Node[];
}

interface Named {
  readonly id: string;
  readonly name: string | null;
}

export const companyQueries: readonly CompanyQuery[] = [
  {
    name: 'From a person to their sessions, with `costCenter` on each',
    text: `{
      person(id: "carol") {
        name
        sessions(first: 10) { nodes { __typename id title costCenter tickets { id } } }
      }
    }`,
    requests: { hive: 1, apollo: 1, stitched: 1 },
    async joinedByHand({ records }, ask) {
      const { sessions } = await dataOf<{ readonly sessions: Page<SessionPart> }>(
        ask('{ sessions(first: 10, filter: { users: ["carol"] }) { nodes { __typename id title } } }'),
      );
      must(sessions.nodes.length === 10, 'Carol has too few sessions for this to say anything.');
      return {
        person: {
          name: nameOf('carol'),
          sessions: {
            nodes: sessions.nodes.map((session) => ({
              ...session,
              costCenter: costCenterOf(session.id),
              tickets: ticketsOf(records, session.id),
            })),
          },
        },
      };
    },
  },
  {
    name: 'From tickets to the sessions they name by id, on all platforms',
    text: '{ tickets { id openedBy { name } session { __typename id title costCenter source { name } } } }',
    requests: { hive: 1, apollo: 1, stitched: 1 },
    async joinedByHand({ records }, ask) {
      const { sessionsById } = await dataOf<{ readonly sessionsById: readonly SessionPart[] }>(
        ask('query ($ids: [ID!]!) { sessionsById(ids: $ids) { __typename id title source { name } } }', {
          ids: records.tickets.map(({ sessionId }) => sessionId),
        }),
      );
      mustBeOfAllPlatforms(sessionsById);
      return {
        tickets: records.tickets.map(({ id, personId }, index) => {
          const session = sessionsById[index];
          must(session !== undefined, 'A session is missing.');
          return {
            id,
            openedBy: { name: nameOf(personId) },
            session: { ...session, costCenter: costCenterOf(session.id) },
          };
        }),
      };
    },
  },
  {
    name: 'From a page of sessions to people, with `costCenter` on every platform',
    text: `{
      sessions(first: 40) {
        nodes { __typename id title costCenter user { id name } tickets { openedBy { name } } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    requests: { hive: 1, apollo: 1, stitched: 1 },
    async joinedByHand({ records }, ask) {
      const { sessions } = await dataOf<{
        readonly sessions: Page<SessionPart & { readonly user: { readonly id: string } | null }>;
      }>(
        ask(`{
          sessions(first: 40) { nodes { __typename id title user { id } } pageInfo { hasNextPage endCursor } }
        }`),
      );
      mustBeOfAllPlatforms(sessions.nodes);
      return {
        sessions: {
          ...sessions,
          nodes: sessions.nodes.map((session) => ({
            ...session,
            costCenter: costCenterOf(session.id),
            user: session.user === null ? null : { ...session.user, name: nameOf(session.user.id) },
            tickets: records.tickets
              .filter(({ sessionId }) => sessionId === session.id)
              .map(({ personId }) => ({ openedBy: { name: nameOf(personId) } })),
          })),
        },
      };
    },
  },
  {
    name: 'From people to the agents and teams they look after',
    text: '{ people { name agents { __typename id name } teams { __typename id name } } }',
    requests: { hive: 1, apollo: 2, stitched: 1 },
    async joinedByHand({ records }, ask) {
      const { agentsById, teamsById } = await dataOf<{
        readonly agentsById: readonly Named[];
        readonly teamsById: readonly Named[];
      }>(
        ask(
          `query ($agents: [ID!]!, $teams: [ID!]!) {
            agentsById(ids: $agents) { __typename id name }
            teamsById(ids: $teams) { __typename id name }
          }`,
          { agents: records.agents.map(({ id }) => id), teams: records.teams.map(({ id }) => id) },
        ),
      );
      must(
        agentsById.length >= 8 && teamsById.length >= 2,
        'There are too few agents or teams for this to say anything.',
      );
      const ofPerson = (duties: Records['agents'], rows: readonly Named[], person: string) =>
        rows.filter((_row, index) => duties[index]?.personId === person);
      return {
        people: people.map(({ id, name }) => ({
          name,
          agents: ofPerson(records.agents, agentsById, id),
          teams: ofPerson(records.teams, teamsById, id),
        })),
      };
    },
  },
];

export function goneSessionQuery(ticketId: string): string {
  return `{ ticket(id: "${ticketId}") { id session { __typename id title } } }`;
}

function nameOf(personId: string): string | null {
  return people.find(({ id }) => id === personId)?.name ?? null;
}

function ticketsOf({ tickets }: Records, sessionId: string) {
  return tickets.filter((ticket) => ticket.sessionId === sessionId).map(({ id }) => ({ id }));
}

function mustBeOfAllPlatforms(sessions: readonly SessionPart[]): void {
  const types = new Set(sessions.map(({ __typename }) => __typename));
  must(types.size === 4, `The sessions are of ${[...types].join(', ')} only.`);
}
