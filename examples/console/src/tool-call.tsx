import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { toolCall_call$key } from '#relay/toolCall_call.graphql.ts';
import { toLabel } from './words.ts';

/** One line, with what was sent and what came back folded below it. */
export function ToolCall({ call }: { readonly call: toolCall_call$key }): ReactNode {
  const {
    name,
    arguments: given,
    argumentsText,
    state,
    result,
  } = useFragment(
    graphql`
      fragment toolCall_call on ToolCallPart {
        name arguments argumentsText state
        result { text output isError }
      }
    `,
    call,
  );
  const sent = argumentsText ?? (given === null || given === undefined ? null : JSON.stringify(given, null, 2));
  const answer =
    result?.output === null || result?.output === undefined ? result?.text : JSON.stringify(result.output, null, 2);
  return (
    <details className="call" data-state={state}>
      <summary>
        <code>{name ?? 'tool'}</code>
        <span className="clip">{sent?.replace(/\s+/g, ' ')}</span>
        <span className="state" data-state={state}>
          {toLabel(state)}
        </span>
      </summary>
      {sent !== null && (
        <>
          <h3>Sent</h3>
          <pre>{sent}</pre>
        </>
      )}
      {answer !== null && answer !== undefined && (
        <>
          <h3>{result?.isError === true ? 'Error' : 'Answer'}</h3>
          <pre data-error={result?.isError}>{answer}</pre>
        </>
      )}
    </details>
  );
}
