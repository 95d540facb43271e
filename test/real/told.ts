import { request } from 'undici';
import { secret } from '../contract.ts';
import type { Release } from './releases.ts';

/** A message as a reader of the platform's own answer understands it. */
export interface Told {
  readonly role: string;
  readonly text: string;
  readonly calls: readonly ToldCall[];
  /** Where results are messages of their own. */
  readonly results: readonly ToldResult[];
}

export interface ToldCall {
  readonly id: string;
  readonly name: string;
  readonly result: Omit<ToldResult, 'id'> | null;
}

export interface ToldResult {
  readonly id: string;
  readonly text: string;
  readonly isError: boolean;
}

export interface Place {
  readonly url: string;
  readonly sessionId: string;
  /** Agno asks for it. */
  readonly kind: string;
  /** AgentScope asks for it. */
  readonly agentId: string;
}

async function read<Answer>(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { statusCode, body } = await request(url, { headers });
  if (statusCode !== 200) throw new Error(`${url} answers ${statusCode}: ${await body.text()}`);
  return (await body.json()) as Answer;
}

export interface AgnoRun {
  readonly run_id: string;
  readonly parent_run_id?: string | null;
  readonly status?: string;
  readonly run_input?: string | null;
  readonly input?: unknown;
  readonly content?: unknown;
  readonly messages?: readonly AgnoMessage[] | null;
  readonly tools?: readonly { readonly tool_call_id: string; readonly result?: string | null }[] | null;
  readonly step_executor_runs?: readonly AgnoRun[] | null;
}

interface AgnoMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly from_history?: boolean;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string } }[] | null;
  readonly tool_call_id?: string | null;
  readonly tool_call_error?: boolean | null;
}

export function readAgnoRuns({ url, kind, sessionId }: Place): Promise<readonly AgnoRun[]> {
  return read(`${url}/sessions/${encodeURIComponent(sessionId)}/runs?type=${kind}`, {
    authorization: `Bearer ${secret}`,
  });
}

export function toldByAgno(runs: readonly AgnoRun[]): readonly Told[] {
  const replaced = new Set(runs.flatMap(({ run_id, status }) => (status === 'REGENERATED' ? [run_id] : [])));
  return runs
    .filter(({ run_id, parent_run_id }) => !replaced.has(run_id) && !replaced.has(parent_run_id ?? ''))
    .flatMap(toldInRun);
}

function toldInRun(run: AgnoRun): readonly Told[] {
  const own = (run.messages ?? []).filter(({ from_history }) => from_history !== true);
  const steps = toldByAgno(run.step_executor_runs ?? []);
  const spoken = own.map((message, index) => toldByMessage(message, own.slice(index), run));
  const isFailed = run.status === 'ERROR';
  const isOver = isFailed || run.status === 'CANCELLED';
  const answer = { ...silent, role: 'ASSISTANT', text: isFailed ? '' : toText(run.content) };
  if (own.length > 0) return [...steps, ...spoken, ...(isOver && spoken.at(-1)?.role !== 'ASSISTANT' ? [answer] : [])];
  const asked = toText(run.run_input);
  return [
    ...(asked === '' ? [] : [{ ...silent, role: 'USER', text: asked }]),
    ...steps,
    ...(isOver || answer.text !== '' ? [answer] : []),
  ];
}

const silent = { text: '', calls: [], results: [] };

function toldByMessage(message: AgnoMessage, rest: readonly AgnoMessage[], run: AgnoRun): Told {
  const { role, content, tool_calls, tool_call_id, tool_call_error } = message;
  const text = toText(content);
  if (role === 'tool') {
    const result = { id: tool_call_id ?? '', text, isError: tool_call_error === true };
    return { ...silent, role: 'TOOL', results: [result] };
  }
  const calls = (tool_calls ?? []).map(({ id, function: { name } }) => {
    const answer = rest.find((each) => each.role === 'tool' && each.tool_call_id === id);
    const execution = run.tools?.find((tool) => tool.tool_call_id === id)?.result ?? null;
    const kept = execution === null ? null : { text: execution, isError: false };
    const result =
      answer === undefined ? kept : { text: toText(answer.content), isError: answer.tool_call_error === true };
    return { id, name, result };
  });
  return { ...silent, role: role.toUpperCase(), text, calls };
}

function toText(content: unknown): string {
  if (content === null || content === undefined) return '';
  return typeof content === 'string' ? content : JSON.stringify(content);
}

export interface AgentScopeMessage {
  readonly id: string;
  readonly role: string;
  readonly content: readonly AgentScopeBlock[];
}

interface AgentScopeBlock {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly state?: string;
  readonly output?: string | readonly AgentScopeBlock[];
}

interface AgentScopeAnswer {
  readonly messages: readonly AgentScopeMessage[];
  readonly has_more?: boolean;
}

const pageSize = 50;

/** Up to 2.0.4 by offsets from the oldest message on, later from the newest message back. */
export async function readAgentScopeMessages(
  { url, agentId, sessionId }: Place,
  { name }: Release,
): Promise<readonly AgentScopeMessage[]> {
  const isByOffset = name === 'agentscope-2.0.0' || name === 'agentscope-2.0.1';
  const messages: AgentScopeMessage[] = [];
  for (;;) {
    const before = messages[0] === undefined ? '' : `&before=${messages[0].id}`;
    const place = isByOffset ? `&offset=${messages.length}` : before;
    const path = `/sessions/${sessionId}/messages?agent_id=${agentId}&limit=${pageSize}${place}`;
    const page = await read<AgentScopeAnswer>(url + path, { 'X-User-ID': 'alice' });
    if ((page.has_more === undefined) !== isByOffset) throw new Error(`${name} pages another way.`);
    if (isByOffset) messages.push(...page.messages);
    else messages.unshift(...page.messages);
    if (page.has_more !== true && (!isByOffset || page.messages.length < pageSize)) return messages;
  }
}

export function toldByAgentScope(messages: readonly AgentScopeMessage[]): readonly Told[] {
  return messages.map(({ role, content }) => ({
    ...silent,
    role: role.toUpperCase(),
    text: textOfBlocks(content),
    calls: content
      .filter(({ type }) => type === 'tool_call')
      .map(({ id = '', name = '' }) => ({ id, name, result: resultIn(content, id) })),
  }));
}

function resultIn(content: readonly AgentScopeBlock[], callId: string): ToldCall['result'] {
  const result = content.find(({ type, id }) => type === 'tool_result' && id === callId);
  if (result === undefined) return null;
  const { output = '', state } = result;
  const text = typeof output === 'string' ? output : textOfBlocks(output);
  return state === 'running' && text === '' ? null : { text, isError: state === 'error' };
}

function textOfBlocks(blocks: readonly AgentScopeBlock[]): string {
  return blocks.flatMap(({ type, text = '' }) => (type === 'text' ? [text] : [])).join('\n');
}
