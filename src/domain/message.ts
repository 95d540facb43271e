import type { Instant } from './instant.ts';
import type { SessionRecord } from './records.ts';

export type MessageRole = 'SYSTEM' | 'USER' | 'ASSISTANT' | 'TOOL' | 'UNKNOWN';

export type MessageStatus = 'IN_PROGRESS' | 'COMPLETED' | 'WAITING' | 'FAILED' | 'CANCELLED' | 'UNKNOWN';

export type ToolCallState =
  | 'PENDING'
  | 'WAITING_FOR_APPROVAL'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'DENIED'
  | 'CANCELLED'
  | 'UNKNOWN';

export type FileModality = 'IMAGE' | 'AUDIO' | 'VIDEO' | 'DOCUMENT' | 'UNKNOWN';

/** One message of a session. Its parts are read from what the platform sent when they are asked for. */
export interface MessageRecord {
  /** Unique in its session, and the same each time the conversation is read. */
  readonly id: string;
  readonly nativeId: string | null;
  readonly turnId: string | null;
  /** The turn that this one is a part of, such as that of a team whose member speaks here. */
  readonly parentTurnId: string | null;
  readonly role: MessageRole;
  readonly nativeRole: string | null;
  readonly name: string | null;
  readonly status: MessageStatus;
  readonly createdAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly model: string | null;
  readonly usage: TokenUsage | null;
  readonly error: MessageError | null;
  parts(): readonly MessagePart[];
}

export interface TokenUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export interface MessageError {
  readonly code: string | null;
  readonly message: string | null;
}

export type MessagePart = TextPart | ReasoningPart | ToolCallPart | ToolResultPart | FilePart | OtherPart;

interface Part<Kind extends string> {
  readonly kind: Kind;
  /** What the platform calls it; null where it has no word for it. */
  readonly nativeType: string | null;
}

export interface TextPart extends Part<'text'> {
  readonly text: string;
}

export interface ReasoningPart extends Part<'reasoning'> {
  readonly text: string | null;
  readonly redacted: boolean;
}

export interface ToolCallPart extends Part<'toolCall'>, ToolArguments {
  readonly toolCallId: string | null;
  readonly name: string | null;
  readonly state: ToolCallState;
  readonly result: ToolResultPart | null;
}

export interface ToolArguments {
  readonly arguments: unknown;
  /** What was sent, when it is no JSON. */
  readonly argumentsText: string | null;
}

export interface ToolResultPart extends Part<'toolResult'> {
  readonly toolCallId: string | null;
  readonly name: string | null;
  readonly text: string | null;
  /** Null when the result is nothing but its text. */
  readonly output: unknown;
  readonly isError: boolean;
}

export interface FilePart extends Part<'file'> {
  readonly modality: FileModality;
  readonly mediaType: string | null;
  readonly filename: string | null;
  readonly url: string | null;
  readonly fileId: string | null;
  /** Where the platform sends the file itself. */
  readonly base64: string | null;
}

export interface OtherPart extends Part<'other'> {
  readonly data: unknown;
}

/** A message together with its session. */
export interface MessageOfSession {
  readonly session: SessionRecord;
  readonly message: MessageRecord;
}

/** The text of a message: of its text parts, one after the other. */
export function textOf({ parts }: Pick<MessageRecord, 'parts'>): string {
  return parts()
    .flatMap((part) => (part.kind === 'text' ? [part.text] : []))
    .join('\n');
}
