import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { sendJson, startServer, type TestServer } from '../http/server.ts';
import { open, unshared } from '../server/ask.ts';

type Json = Readonly<Record<string, unknown>>;

/** An Azure AI Foundry project of which a test writes out every response. */
export interface WrittenProject {
  /** By agent: the ids of its sessions. */
  readonly sessions: Readonly<Record<string, readonly string[]>>;
  /** Oldest first. */
  readonly responses: readonly Written[];
  readonly settings?: Json;
  readonly server?: Json;
}

export interface Written extends Json {
  readonly id: string;
  readonly agent: string;
  /** Oldest first; with what was told before, where the platform repeats it. Null for a response that is gone. */
  readonly input: readonly unknown[] | null;
}

export interface Project {
  /** The answer to a query, and what reached the platform for it. */
  ask(query: string, variables?: Json): Promise<{ readonly json: unknown; readonly requests: readonly string[] }>;
  readonly server: TestServer;
}

const scanning = { conversations: { scan: true } };

/** A project over real HTTP, and the server over it, until the test is over. */
export async function startProject(project: WrittenProject): Promise<Project> {
  const server = await startServer((request, response) => answer(project, request.url ?? '', response));
  const source = { id: 'foundry', provider: 'foundry', url: server.url, ...(project.settings ?? scanning) };
  const { app, ask } = open({ server: { ...unshared, ...project.server }, sources: [source] });
  onTestFinished(() => app.close());
  return {
    server,
    async ask(query, variables = {}) {
      const from = server.requests.length;
      const { json } = await ask({ query, variables });
      return { json, requests: server.requests.slice(from).map(withoutVersion) };
    },
  };
}

function withoutVersion(request: string): string {
  if (!request.includes('?api-version=v1')) throw new Error(`Without a version: ${request}`);
  return request.replace(/\?api-version=v1&?/, '?').replace(/\?$/, '');
}

function answer({ sessions, responses }: WrittenProject, url: string, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const rows = rowsAt(pathname, searchParams.get('agent_name'), { sessions, responses });
  if (rows === null) sendNothing(response);
  else if (Array.isArray(rows)) sendPage(response, rows, searchParams);
  else sendJson(response, rows);
}

/** What is at a path: a list, oldest first, one thing, or nothing. */
function rowsAt(path: string, agentName: string | null, { sessions, responses }: WrittenProject): unknown {
  if (path === '/agents') return Object.keys(sessions).map((name) => ({ id: name, name, versions: {} }));
  const [, agent = '', sessionId] = /^\/agents\/([^/]+)\/endpoint\/sessions(?:\/(.+))?$/.exec(path) ?? [];
  if (agent !== '') {
    const rows = (sessions[agent] ?? []).map((id) => ({ agent_session_id: id, id, status: 'active' }));
    return sessionId === undefined ? rows : (rows.find(({ id }) => id === sessionId) ?? null);
  }
  if (path === '/openai/v1/responses') {
    const own = responses.filter((each) => each.agent === agentName);
    return own.map(({ agent: _, input: __, ...row }) => ({ object: 'response', created_at: 1_800_000_000, ...row }));
  }
  const [, responseId] = /^\/openai\/v1\/responses\/([^/]+)\/input_items$/.exec(path) ?? [];
  return responses.find(({ id }) => id === responseId)?.input ?? null;
}

function sendPage(response: ServerResponse, oldestFirst: readonly unknown[], asked: URLSearchParams): void {
  const idOf = (row: unknown) => (row as { readonly id?: string } | null)?.id ?? null;
  const rows = asked.get('order') === 'asc' ? oldestFirst : oldestFirst.toReversed();
  const after = asked.get('after');
  const from = after === null ? 0 : rows.findIndex((row) => idOf(row) === after) + 1;
  const data = rows.slice(from, from + Number(asked.get('limit') ?? 20));
  sendJson(response, {
    object: 'list',
    data,
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)),
    has_more: from + data.length < rows.length,
  });
}

function sendNothing(response: ServerResponse): void {
  const error = { code: 'not_found', message: 'There is no such thing.', type: 'invalid_request_error' };
  response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}
