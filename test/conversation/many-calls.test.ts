import { expect, test } from 'vitest';
import type { MessagePart } from '../../src/domain/message.ts';
import { toParts as agentScopeParts } from '../../src/providers/agentscope/message-part.ts';
import { runRows } from '../../src/providers/agno/run.ts';
import { toMessages as agnoMessages } from '../../src/providers/agno/turn.ts';
import { toMessages as everrunsMessages } from '../../src/providers/everruns/message.ts';

const count = 20_000;
const numbers = Array.from({ length: count }, (_, number) => number);

/** The first message of each platform, in which the calls are. Their results follow in the opposite order. */
const conversations: Readonly<Record<string, () => readonly MessagePart[]>> = {
  agno() {
    const toCall = (number: number) => ({ id: `c${number}`, type: 'function', function: { name: 'f' } });
    const messages = [
      { role: 'assistant', tool_calls: numbers.map(toCall) },
      ...numbers.toReversed().map((number) => ({ role: 'tool', tool_call_id: `c${number}`, content: `${number}` })),
    ];
    const tools = numbers.map((number) => ({ tool_call_id: `c${number}` }));
    return agnoMessages(runRows.parse([{ run_id: 'r', messages, tools }]))[0]?.parts() ?? [];
  },
  agentscope() {
    const calls = numbers.map((number) => ({ type: 'tool_call', id: `c${number}`, name: 'f' }));
    const results = numbers.map((number) => ({ type: 'tool_result', id: `c${number}`, output: `${number}` }));
    return agentScopeParts([...calls, ...results.toReversed()]);
  },
  everruns() {
    const plain = { thinking: null, created_at: null };
    const calls = numbers.map((number) => ({ type: 'tool_call', id: `c${number}`, name: 'f' }));
    const results = numbers.map((number) => ({ type: 'tool_result', tool_call_id: `c${number}`, result: `${number}` }));
    const rows = [
      { ...plain, id: 'm', role: 'agent', content: calls },
      ...results.toReversed().map((result, at) => ({ ...plain, id: `m${at}`, role: 'tool_result', content: [result] })),
    ];
    return everrunsMessages(rows, 'IDLE')[0]?.parts() ?? [];
  },
};

test.each(Object.keys(conversations))('very many calls of %s find their results', (platform) => {
  const parts = conversations[platform]?.() ?? [];
  const results = parts.map((part) => (part.kind === 'toolCall' ? part.result?.text : null));
  expect(results).toEqual(numbers.map(String));
});
