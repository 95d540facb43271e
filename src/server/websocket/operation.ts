import { readEventTexts } from './event-texts.ts';
import { toComplete, toMessage } from './messages.ts';

const accept = 'application/graphql-response+json, text/event-stream';

/** An operation is a POST like any other, so that every rule for requests holds for it. */
export function toRequest(url: string, connection: Headers, body: string) {
  const headers = new Headers(connection);
  headers.set('content-type', 'application/json');
  headers.set('accept', accept);
  return (signal: AbortSignal) => new Request(url, { method: 'POST', headers, body, signal });
}

/** What is told of an answer, each message when it is asked for. */
export async function* toMessages(id: string, answer: Response): AsyncGenerator<string, void> {
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream && answer.body !== null) {
    for await (const text of readEventTexts(answer.body)) yield toMessage('next', id, text);
    return yield toComplete(id);
  }
  const text = await answer.text();
  const refusal = text.startsWith('{"data":') ? null : errorsWithoutData(text);
  if (refusal !== null) return yield toMessage('error', id, JSON.stringify(refusal));
  yield toMessage('next', id, text);
  yield toComplete(id);
}

/** The protocol has a message of its own for what was not executed. */
function errorsWithoutData(text: string): readonly unknown[] | null {
  const { data, errors }: { data?: unknown; errors?: readonly unknown[] } = JSON.parse(text);
  return data === undefined && errors !== undefined ? errors : null;
}
