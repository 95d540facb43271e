import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { message_message$key } from '#relay/message_message.graphql.ts';
import { Fold } from './facts.tsx';
import { FilePart } from './file-part.tsx';
import { Status } from './status.tsx';
import { Time } from './time.tsx';
import { ToolCall } from './tool-call.tsx';
import { toLabel } from './words.ts';

export function Message({ message }: { readonly message: message_message$key }): ReactNode {
  const { id, role, nativeRole, name, status, createdAt, model, usage, error, parts } = useFragment(
    graphql`
      fragment message_message on Message {
        id role nativeRole name status createdAt model
        usage { inputTokens outputTokens }
        error { code message }
        parts {
          __typename nativeType
          ... on TextPart { text }
          ... on ReasoningPart { thought: text redacted }
          ... on OtherPart { data }
          ...toolCall_call @alias(as: "call")
          ...filePart_file @alias(as: "file")
        }
      }
    `,
    message,
  );
  const author = role === 'UNKNOWN' ? (nativeRole ?? 'Unknown') : toLabel(role);
  const tokens = [usage?.inputTokens, usage?.outputTokens].map((count) => count?.toLocaleString('en') ?? '?');
  return (
    <li className="message" data-role={role}>
      <header>
        <b>{role === 'ASSISTANT' && name ? name : author}</b>
        {['IN_PROGRESS', 'WAITING', 'FAILED', 'CANCELLED'].includes(status) && <Status status={status} />}
        <small>
          {model}
          {usage && <span title="Tokens in and out">{tokens.join(' → ')} tokens</span>}
          {createdAt && <Time at={createdAt} />}
        </small>
      </header>
      {parts.map((part, index) => {
        const key = `${id} ${index}`;
        switch (part.__typename) {
          case 'TextPart':
            return (
              <p key={key} className="said">
                {part.text}
              </p>
            );
          case 'ReasoningPart':
            return (
              <p key={key} className="thought">
                <span className="hidden">Reasoning: </span>
                {part.thought || (part.redacted === true && 'The provider of the model withholds this reasoning.')}
              </p>
            );
          case 'ToolCallPart':
            return part.call && <ToolCall key={key} call={part.call} />;
          case 'FilePart':
            return part.file && <FilePart key={key} file={part.file} messageId={id} index={index} />;
          case 'OtherPart':
            return <Fold key={key} label={part.nativeType ?? 'Another part'} value={part.data} />;
          default:
            return null;
        }
      })}
      {error && (
        <p className="failure" role="note">
          <b>{error.code ?? 'Failed'}</b> {error.message}
        </p>
      )}
    </li>
  );
}
