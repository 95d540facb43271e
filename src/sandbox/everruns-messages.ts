import { rfc3339 } from './clock.ts';
import {
  type Call,
  type Dialogue,
  type Image,
  type Round,
  roundsOf,
  type Spoken,
  type Turn,
  timeWithin,
  withUsage,
} from './dialogue.ts';
import type { EverrunsSession, EverrunsStore } from './everruns-data.ts';
import type { JsonObject } from './json.ts';
import { commonCourse, dialogueOf, type Ending } from './plots.ts';
import { createRandom, type Random } from './random.ts';

export interface EverrunsMessage extends JsonObject {
  readonly id: string;
  readonly role: string;
  readonly content: readonly JsonObject[];
  readonly created_at: string;
}

/** What a message and the turn that it belongs to know of each other. */
export interface EverrunsTurn {
  readonly id: string;
  readonly turn: Turn;
  readonly messages: readonly EverrunsMessage[];
  /** Microseconds. */
  readonly startedMicros: number;
  readonly endedMicros: number;
}

const endings: Readonly<Record<string, Ending>> = { active: 'running', waitingfortoolresults: 'external' };

export function everrunsDialogue(session: EverrunsSession, store: EverrunsStore): Dialogue {
  const given = store.dialogues.get(session.id);
  if (given !== undefined) return given;
  const { preview, outputPreview, agentId, status, id } = session;
  if (preview === null) return [];
  const topic = store.agents.find((agent) => agent.id === agentId)?.profile.topic ?? 'support';
  // Where nothing was answered and nothing is awaited either, the answer has failed.
  const ending = endings[status] ?? (outputPreview === null ? 'failed' : null);
  const course = store.plots.get(id)?.course ?? commonCourse(id);
  const life = session.updatedMicros - session.createdMicros;
  const dialogue = dialogueOf({ course, ending }, { topic, question: preview, answer: outputPreview, life });
  return withUsage(dialogue, session.usage);
}

export function turnsOf(session: EverrunsSession, store: EverrunsStore): readonly EverrunsTurn[] {
  const base = session.createdMicros;
  return everrunsDialogue(session, store).map((turn, index) => {
    const random = createRandom('everruns-turn', session.id, index);
    const id = `turn_${random.hex(32)}`;
    const messages = messagesOf(turn, random, base);
    return {
      id,
      turn,
      messages,
      startedMicros: base + timeWithin(turn, 0),
      endedMicros: base + timeWithin(turn, messages.length),
    };
  });
}

/** Writes the messages of a turn, one pace after the other. */
function messagesOf(turn: Turn, random: Random, base: number): readonly EverrunsMessage[] {
  const messages: EverrunsMessage[] = [];
  const write = (role: string, content: readonly JsonObject[], more: JsonObject = {}): void => {
    const id = `message_${random.hex(32)}`;
    messages.push({ id, role, content, ...more, created_at: rfc3339(base + timeWithin(turn, messages.length)) });
  };
  if (turn.question !== null) {
    write('user', [textPart(turn.question), ...turn.images.map((image) => uploadedPart(image, random))]);
  }
  const rounds = roundsOf(turn.steps);
  for (const [index, round] of rounds.entries()) {
    const calls = round.calls.map((call) => ({ call, id: `call_${random.hex(24)}` }));
    const isFinal = index === rounds.length - 1 && calls.length === 0;
    write('agent', [...spokenParts(round), ...calls.map(({ call, id }) => callPart(call, id))], {
      phase: isFinal ? 'final_answer' : 'commentary',
      ...thinkingOf(round.spoken),
    });
    for (const { call, id } of calls) {
      const outcome = outcomeOf(call);
      if (outcome !== null) write('tool_result', [{ type: 'tool_result', tool_call_id: id, ...outcome }]);
    }
  }
  return messages;
}

function textPart(text: string): JsonObject {
  return { type: 'text', text };
}

function spokenParts({ spoken }: Round): readonly JsonObject[] {
  return spoken.flatMap((step) => {
    if (step.kind === 'text' || step.kind === 'refusal') return [textPart(step.text)];
    if (step.kind === 'image') return [imagePart(step.image)];
    return step.kind === 'other' ? [step.wire] : [];
  });
}

function imagePart(image: Image): JsonObject {
  if ('url' in image) return { type: 'image', url: image.url };
  return { type: 'image', base64: image.base64, media_type: image.mediaType };
}

/** Pictures that users send are uploaded first, unless they come along. */
function uploadedPart(image: Image, random: Random): JsonObject {
  if (!('url' in image)) return imagePart(image);
  const filename = image.url.split('/').at(-1);
  return { type: 'image_file', image_id: `img_${random.hex(32)}`, filename };
}

function callPart(call: Call, id: string): JsonObject {
  return { type: 'tool_call', id, name: call.tool, arguments: call.arguments };
}

function thinkingOf(spoken: readonly Spoken[]): JsonObject {
  const thoughts = spoken.flatMap((step) => (step.kind === 'thought' ? [step.text] : []));
  if (thoughts.length === 0) return {};
  return { thinking: thoughts.join('\n\n'), thinking_signature: 'EuYBCkQYAiJAx6Qh' };
}

function outcomeOf({ outcome }: Call): JsonObject | null {
  if (outcome.state === 'succeeded') return { result: outcome.result };
  if (outcome.state === 'failed') return { error: outcome.error };
  return outcome.state === 'denied' ? { error: 'The user denied the tool call.' } : null;
}
