import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { toolCall_call$key } from '#relay/toolCall_call.graphql.ts';
import { Status } from './status.tsx';

/** One line, with what was sent and what came back folded below it. */
export function ToolCall({ call }: { readonly call: toolCall_call$key }): ReactNode {
  const data = useFragment(
    graphql`
      fragment toolCall_call on ToolCallPart {
        name arguments argumentsText state
        result { text output isError }
      }
    `,
    call,
  );
  const { name, state, result } = data;
  const sent = data.argumentsText ?? toText(data.arguments);
  const answer = toText(result?.output) ?? result?.text;
  return (
    <details className="call" data-state={state}>
      <summary>
        <code>{name ?? 'tool'}</code>
        <span className="clip">{sent?.replace(/\s+/g, ' ')}</span>
        <Status status={state} />
      </summary>
      {sent && <h3>Sent</h3>}
      {sent && <pre>{sent}</pre>}
      {answer && <h3>{result?.isError === true ? 'Error' : 'Answer'}</h3>}
      {answer && <pre data-error={result?.isError}>{answer}</pre>}
    </details>
  );
}

const toText = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value, null, 2);
