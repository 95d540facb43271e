/** The results of an event stream as they are written there: see event-stream.ts. */
export async function* readEventTexts(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('event: next\ndata: ')) yield event.slice('event: next\ndata: '.length);
    }
  }
}
