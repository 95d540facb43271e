import { byteLengthOf, withoutFile, withoutFiles } from '../domain/base64.ts';
import type * as domain from '../domain/message.ts';
import { builder } from './builder.ts';

const withoutBytes = 'Files that are written out in it in base64 are replaced by a note with their size.';

const ToolCallState = builder.enumType('ToolCallState', {
  description: 'How far the call of a tool has got.',
  values: {
    PENDING: { description: 'The model has asked for it, and it has not begun.' },
    WAITING_FOR_APPROVAL: { description: 'It waits until a person allows it or gives what it needs.' },
    RUNNING: { description: 'The tool is working.' },
    SUCCEEDED: { description: 'The tool has answered.' },
    FAILED: { description: 'The tool has answered with an error.' },
    DENIED: { description: 'A person or a rule has refused it.' },
    CANCELLED: { description: 'It was stopped before it ended.' },
    UNKNOWN: { description: 'The platform does not say, or uses a word that this graph does not know.' },
  } as const,
});

const FileModality = builder.enumType('FileModality', {
  description: 'What a file is for a person.',
  values: {
    IMAGE: { description: 'A picture.' },
    AUDIO: { description: 'Sound.' },
    VIDEO: { description: 'Moving pictures.' },
    DOCUMENT: { description: 'Any other file.' },
    UNKNOWN: { description: 'The platform does not say.' },
  } as const,
});

export const MessagePart = builder.interfaceRef<domain.MessagePart>('MessagePart').implement({
  description:
    'A piece of a message. Platforms add new kinds: whatever this graph has no type for is an `OtherPart`, so a client should pass over types that it does not know.',
  resolveType: ({ kind }) => typeNames[kind],
  fields: (t) => ({
    nativeType: t.exposeString('nativeType', {
      nullable: true,
      description: "The platform's word for this kind of part. Null when it has none.",
    }),
  }),
});

const typeNames: Readonly<Record<domain.MessagePart['kind'], string>> = {
  text: 'TextPart',
  reasoning: 'ReasoningPart',
  toolCall: 'ToolCallPart',
  toolResult: 'ToolResultPart',
  file: 'FilePart',
  other: 'OtherPart',
};

builder.objectRef<domain.TextPart>('TextPart').implement({
  description: 'Text that was said.',
  interfaces: [MessagePart],
  fields: (t) => ({ text: t.exposeString('text', { description: 'The text; often Markdown.' }) }),
});

builder.objectRef<domain.ReasoningPart>('ReasoningPart').implement({
  description: 'What a model thought before it answered.',
  interfaces: [MessagePart],
  fields: (t) => ({
    text: t.exposeString('text', { nullable: true, description: 'The thoughts. Null when the platform has no text.' }),
    redacted: t.exposeBoolean('redacted', {
      description: 'Whether the provider of the model withholds the thoughts.',
    }),
  }),
});

const ToolResultPart = builder.objectRef<domain.ToolResultPart>('ToolResultPart').implement({
  description: 'What a tool answered.',
  interfaces: [MessagePart],
  fields: (t) => ({
    toolCallId: t.exposeString('toolCallId', {
      nullable: true,
      description: 'The `toolCallId` of the call that it answers.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name of the tool, when the platform repeats it.',
    }),
    text: t.string({
      nullable: true,
      description: 'The answer as text. Null when it has none. A file in base64 is replaced by a note with its size.',
      resolve: ({ text }) => (text === null ? null : withoutFile(text)),
    }),
    output: t.field({
      type: 'JSON',
      nullable: true,
      description: `The answer as the platform sends it, when it is more than text; else null. ${withoutBytes}`,
      resolve: ({ output }) => withoutFiles(output),
    }),
    isError: t.exposeBoolean('isError', { description: 'Whether the tool failed.' }),
  }),
});

builder.objectRef<domain.ToolCallPart>('ToolCallPart').implement({
  description: 'The call of a tool, which the model asked for.',
  interfaces: [MessagePart],
  fields: (t) => ({
    toolCallId: t.exposeString('toolCallId', {
      nullable: true,
      description: 'What the platform calls the call. It may be unique only in its turn.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the tool.' }),
    arguments: t.field({
      type: 'JSON',
      nullable: true,
      description: `The arguments. Null when there are none, or when they are no JSON: see \`argumentsText\`. ${withoutBytes}`,
      resolve: (call) => withoutFiles(call.arguments),
    }),
    argumentsText: t.exposeString('argumentsText', {
      nullable: true,
      description: 'The arguments as the model wrote them, when they are no JSON; else null.',
    }),
    state: t.expose('state', { type: ToolCallState, description: 'How far it has got.' }),
    result: t.expose('result', {
      type: ToolResultPart,
      nullable: true,
      description:
        'What the tool answered, wherever the platform keeps it: in the same message, or in one of role `TOOL` after it. Null while there is no answer.',
    }),
  }),
});

builder.objectRef<domain.FilePart>('FilePart').implement({
  description: 'An image, a recording or another file.',
  interfaces: [MessagePart],
  fields: (t) => ({
    modality: t.expose('modality', { type: FileModality, description: 'What it is for a person.' }),
    mediaType: t.exposeString('mediaType', { nullable: true, description: 'Its media type, such as `image/png`.' }),
    filename: t.exposeString('filename', { nullable: true, description: 'Its name.' }),
    url: t.exposeString('url', {
      nullable: true,
      description: 'Where it can be fetched from, perhaps only with a credential. Never a `data:` URL: see `base64`.',
    }),
    fileId: t.exposeString('fileId', {
      nullable: true,
      description: 'Its id on the platform or at the provider of the model.',
    }),
    byteLength: t.int({
      nullable: true,
      description: 'Its size in bytes, when the platform sends the file in the message; else null.',
      resolve: ({ base64 }) => (base64 === null ? null : byteLengthOf(base64)),
    }),
    base64: t.exposeString('base64', {
      nullable: true,
      description:
        'The file itself in base64, when the platform sends it in the message; else null. It can be megabytes: look at `byteLength` first.',
    }),
  }),
});

builder.objectRef<domain.OtherPart>('OtherPart').implement({
  description: 'A part of a kind that this graph has no type for.',
  interfaces: [MessagePart],
  fields: (t) => ({
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: `The part as the platform sends it. ${withoutBytes}`,
      resolve: ({ data }) => withoutFiles(data),
    }),
  }),
});
