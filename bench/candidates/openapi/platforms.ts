import type { SourceSettings } from '../aggregator/sources.ts';
import { type Document, flag, inPath, list, number, object, query, text, toDocument } from './document.ts';

/** How a request of the lists becomes a field of the gateway's graph. */
export interface Route {
  readonly path: RegExp;
  readonly field: string;
  readonly selection: string;
}

export interface Platform {
  readonly document: Document;
  readonly headers: (user: string) => Record<string, string>;
  readonly routes: readonly Route[];
}

export const platforms: Readonly<Record<SourceSettings['provider'], Platform>> = {
  foundry: {
    headers: () => ({ 'Foundry-Features': 'AgentEndpoints=V1Preview' }),
    document: toDocument('foundry', [
      {
        operationId: 'foundryAgents',
        path: '/agents',
        parameters: [query('api-version'), query('kind'), query('order'), query('limit', 'integer'), query('after')],
        answer: object('FoundryAgentPage', {
          data: list(object('FoundryAgent', { name: text })),
          last_id: text,
          has_more: flag,
        }),
      },
      {
        operationId: 'foundrySessions',
        path: '/agents/{agent}/endpoint/sessions',
        parameters: [inPath('agent'), query('api-version'), query('order'), query('limit', 'integer'), query('after')],
        answer: object('FoundrySessionPage', {
          data: list(object('FoundrySession', { agent_session_id: text, status: text, created_at: number })),
          last_id: text,
          has_more: flag,
        }),
      },
    ]),
    routes: [
      { path: /^\/agents$/, field: 'foundryAgents', selection: '{ data { name } last_id has_more }' },
      {
        path: /^\/agents\/(?<agent>[^/]+)\/endpoint\/sessions$/,
        field: 'foundrySessions',
        selection: '{ data { agent_session_id status created_at } last_id has_more }',
      },
    ],
  },
  everruns: {
    headers: () => ({}),
    document: toDocument('everruns', [
      {
        operationId: 'everrunsSessions',
        path: '/v1/sessions',
        parameters: [query('offset', 'integer'), query('limit', 'integer')],
        answer: object('EverrunsSessionPage', {
          data: list(
            object('EverrunsSession', { id: text, agent_id: text, title: text, status: text, created_at: text }),
          ),
          total: number,
        }),
      },
      {
        operationId: 'everrunsAgents',
        path: '/v1/agents',
        parameters: [query('offset', 'integer'), query('limit', 'integer')],
        answer: object('EverrunsAgentPage', { data: list(object('EverrunsAgent', { id: text, name: text })) }),
      },
      {
        operationId: 'everrunsAgent',
        path: '/v1/agents/{id}',
        parameters: [inPath('id')],
        answer: object('EverrunsOneAgent', { id: text, name: text }),
      },
    ]),
    routes: [
      {
        path: /^\/v1\/sessions$/,
        field: 'everrunsSessions',
        selection: '{ data { id agent_id title status created_at } total }',
      },
      { path: /^\/v1\/agents$/, field: 'everrunsAgents', selection: '{ data { id name } }' },
      { path: /^\/v1\/agents\/(?<id>[^/]+)$/, field: 'everrunsAgent', selection: '{ id name }' },
    ],
  },
  agentscope: {
    headers: (user) => ({ 'x-user-id': user }),
    document: toDocument('agentscope', [
      {
        operationId: 'agentscopeAgents',
        path: '/agent/',
        parameters: [],
        answer: object('AgentScopeAgentList', {
          agents: list(object('AgentScopeAgent', { id: text, data: object('AgentScopeAgentData', { name: text }) })),
        }),
      },
      {
        operationId: 'agentscopeSessions',
        path: '/sessions/',
        parameters: [query('agent_id')],
        answer: object('AgentScopeSessionList', {
          sessions: list(
            object('AgentScopeView', {
              session: object('AgentScopeSession', {
                id: text,
                created_at: text,
                config: object('AgentScopeConfig', { name: text }),
              }),
              status: text,
            }),
          ),
        }),
      },
    ]),
    routes: [
      { path: /^\/agent\/$/, field: 'agentscopeAgents', selection: '{ agents { id data { name } } }' },
      {
        path: /^\/sessions\/$/,
        field: 'agentscopeSessions',
        selection: '{ sessions { session { id created_at config { name } } status } }',
      },
    ],
  },
  agno: {
    headers: () => ({}),
    document: toDocument('agno', [
      {
        operationId: 'agnoSessions',
        path: '/sessions',
        parameters: [query('sort_by'), query('sort_order'), query('limit', 'integer'), query('page', 'integer')],
        answer: object('AgnoSessionPage', {
          data: list(
            object('AgnoSession', {
              session_id: text,
              session_type: text,
              session_name: text,
              created_at: text,
              agent_id: text,
            }),
          ),
        }),
      },
      {
        operationId: 'agnoAgents',
        path: '/agents',
        parameters: [],
        answer: list(object('AgnoAgent', { id: text, name: text })),
      },
    ]),
    routes: [
      {
        path: /^\/sessions$/,
        field: 'agnoSessions',
        selection: '{ data { session_id session_type session_name created_at agent_id } }',
      },
      { path: /^\/agents$/, field: 'agnoAgents', selection: '{ id name }' },
    ],
  },
};
