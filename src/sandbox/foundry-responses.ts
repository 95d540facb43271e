import { microsPerSecond } from './clock.ts';
import {
  argumentsText,
  type Call,
  type Dialogue,
  durationOf,
  type Image,
  resultText,
  type Step,
  type Turn,
} from './dialogue.ts';
import { type FoundrySession, type FoundryStore, sessionKey } from './foundry-data.ts';
import type { JsonObject } from './json.ts';
import { commonCourse, dialogueOf, type Ending } from './plots.ts';
import { createRandom, type Random } from './random.ts';
import { storyOf } from './stories.ts';

/** One turn of a conversation. */
export interface FoundryResponse {
  readonly id: string;
  readonly session: FoundrySession;
  readonly turn: Turn;
  readonly previousId: string | null;
  /** Null where responses follow each other without a conversation. */
  readonly conversationId: string | null;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Of the turn in the dialogue. */
  readonly index: number;
}

/** Made once for each session that is asked for. */
const seeded = new WeakMap<FoundrySession, Dialogue>();

export function foundryDialogue(session: FoundrySession, store: FoundryStore): Dialogue {
  const given = store.dialogues.get(sessionKey(session));
  if (given !== undefined) return given;
  const made = seeded.get(session) ?? seededDialogue(session, store);
  seeded.set(session, made);
  return made;
}

function seededDialogue(session: FoundrySession, store: FoundryStore): Dialogue {
  const status = session.status.toLowerCase();
  if (status === 'creating') return [];
  const key = sessionKey(session);
  const topic = store.agents.find(({ name }) => name === session.agent)?.topic ?? 'support';
  const { question, answer } = storyOf(topic, createRandom('foundry-story', key));
  const life = (session.lastAccessedAt - session.createdAt) * microsPerSecond;
  const plot = store.plots.get(key);
  const ending = plot?.ending ?? endingOf(status, key);
  // A sandbox is started before anybody speaks.
  const isFresh = life < freshFor;
  if (isFresh && ending !== 'failed') return [];
  const course = plot?.course ?? commonCourse(key);
  return dialogueOf({ course, ending }, { topic, question, answer: isFresh ? null : answer, life });
}

const freshFor = 60 * microsPerSecond;

/** A sandbox that is up need not be at work. */
function endingOf(status: string, key: string): Ending | null {
  if (status === 'failed') return 'failed';
  return status === 'active' && createRandom('foundry-works', key).chance(0.5) ? 'running' : null;
}

/** Oldest first. */
export function responsesOf(session: FoundrySession, store: FoundryStore): readonly FoundryResponse[] {
  const key = sessionKey(session);
  const conversation = createRandom('foundry-conversation', key);
  const conversationId = conversation.chance(0.7) ? `conv_${conversation.hex(48)}` : null;
  const idOf = (index: number): string => `resp_${createRandom('foundry-response', key, index).hex(48)}`;
  return foundryDialogue(session, store).map((turn, index) => ({
    id: idOf(index),
    session,
    turn,
    previousId: index === 0 || conversationId !== null ? null : idOf(index - 1),
    conversationId,
    createdAt: session.createdAt + Math.floor(turn.startsAt / microsPerSecond),
    index,
  }));
}

const statuses: Readonly<Record<Turn['end'], string>> = {
  completed: 'completed',
  running: 'in_progress',
  // An approval is given with the next response, so this one is over.
  waiting: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  replaced: 'completed',
};

export function responseWire(response: FoundryResponse, store: FoundryStore): JsonObject {
  const { id, session, turn, previousId, conversationId, createdAt } = response;
  const model = store.agents.find(({ name }) => name === session.agent)?.model ?? 'gpt-4.1';
  const isOver = turn.end !== 'running';
  const error = { code: 'server_error', message: 'The model is overloaded. Try again later.' };
  return {
    id,
    object: 'response',
    created_at: createdAt,
    completed_at: isOver ? createdAt + Math.floor(durationOf(turn) / microsPerSecond) : null,
    status: statuses[turn.end],
    error: turn.end === 'failed' ? error : null,
    incomplete_details: null,
    instructions: null,
    model,
    output: outputOf(response),
    previous_response_id: previousId,
    conversation: conversationId === null ? null : { id: conversationId },
    agent_reference: { type: 'agent_reference', name: session.agent, version: session.version },
    agent_session_id: session.id,
    parallel_tool_calls: true,
    metadata: {},
    usage: isOver ? usageWire(turn, createRandom('foundry-usage', id)) : null,
  };
}

function usageWire({ usage }: Turn, random: Random): JsonObject {
  const { input_tokens: input, output_tokens: output } = {
    input_tokens: 300 + random.below(4000),
    output_tokens: 20 + random.below(900),
    ...usage,
  };
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}

/** What a user sent to begin the turn. */
export function inputOf({ id, turn }: FoundryResponse): readonly JsonObject[] {
  const { question, images } = turn;
  if (question === null) return [];
  const content = [{ type: 'input_text', text: question }, ...images.map(inputImage)];
  const messageId = `msg_${createRandom('foundry-input', id).hex(48)}`;
  return [{ id: messageId, type: 'message', status: 'completed', role: 'user', content }];
}

function inputImage(image: Image): JsonObject {
  const url = 'url' in image ? image.url : `data:${image.mediaType};base64,${image.base64}`;
  return { type: 'input_image', image_url: url, detail: 'auto' };
}

export function outputOf({ id, turn, session }: FoundryResponse): readonly JsonObject[] {
  const random = createRandom('foundry-output', id);
  const agent = { type: 'agent_id', name: session.agent, version: session.version };
  return turn.steps
    .flatMap((step) => itemsOf(step, turn, random))
    .map((item) => ({ ...item, created_by: { agent, response_id: id } }));
}

function itemsOf(step: Step, { end }: Turn, random: Random): readonly JsonObject[] {
  const message = (content: JsonObject): readonly JsonObject[] => {
    const status = end === 'cancelled' ? 'incomplete' : 'completed';
    return [{ id: `msg_${random.hex(48)}`, type: 'message', status, role: 'assistant', content: [content] }];
  };
  switch (step.kind) {
    case 'text':
      return message({ type: 'output_text', text: step.text, annotations: [], logprobs: [] });
    case 'refusal':
      return message({ type: 'refusal', refusal: step.text });
    case 'image':
      return message({ type: 'output_text', text: pictureText(step.image), annotations: [], logprobs: [] });
    case 'thought':
      return [{ id: `rs_${random.hex(48)}`, type: 'reasoning', ...reasoningOf(step.text) }];
    case 'search':
      return [
        {
          id: `ws_${random.hex(48)}`,
          type: 'web_search_call',
          status: 'completed',
          action: { type: 'search', query: step.query },
        },
      ];
    case 'call':
      return callItems(step, random);
    case 'hint':
      return [];
    case 'other':
      return [{ id: `item_${random.hex(48)}`, ...step.wire }];
  }
}

function pictureText(image: Image): string {
  return `![${image.id}](${'url' in image ? image.url : `data:${image.mediaType};base64,${image.base64}`})`;
}

function reasoningOf(text: string): JsonObject {
  if (text === '') return { summary: [], encrypted_content: 'gAAAAABpIJv0' };
  return { summary: [{ type: 'summary_text', text }] };
}

/** What needs an approval runs on a server of its own, the rest in the agent's sandbox. */
function callItems(call: Call, random: Random): readonly JsonObject[] {
  const { outcome } = call;
  if (outcome.state === 'unapproved' || outcome.state === 'denied') {
    const id = `mcpr_${random.hex(48)}`;
    const asked = { id, type: 'mcp_approval_request', name: call.tool, arguments: argumentsText(call) };
    const request = { ...asked, server_label: 'records' };
    if (outcome.state === 'unapproved') return [request];
    const answer = { id: `mcpa_${random.hex(48)}`, type: 'mcp_approval_response', approval_request_id: id };
    return [request, { ...answer, approve: false, reason: null }];
  }
  const callId = `call_${random.hex(24)}`;
  const item = {
    id: `fc_${random.hex(48)}`,
    type: 'function_call',
    call_id: callId,
    name: call.tool,
    arguments: argumentsText(call),
    status: outcome.state === 'running' ? 'in_progress' : 'completed',
  };
  if (outcome.state === 'running' || outcome.state === 'external') return [item];
  const isFailed = outcome.state === 'failed';
  const output = isFailed ? outcome.error : resultText(outcome.result);
  const status = isFailed ? 'incomplete' : 'completed';
  return [item, { id: `fco_${random.hex(48)}`, type: 'function_call_output', call_id: callId, output, status }];
}
