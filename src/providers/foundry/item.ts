import { z } from 'zod';
import * as wire from '../wire.ts';

/** An entry of a response: there are dozens of types, of which new ones come at any time. */
const known = z.object({
  type: wire.text.catch(null),
  id: wire.reference.catch(null),
  role: wire.text.catch(null),
  status: wire.text.catch(null),
  call_id: wire.text.catch(null),
  name: wire.text.catch(null),
  approval_request_id: wire.text.catch(null),
  approve: wire.flag.catch(null),
  agent_reference: wire.nullable(z.object({ name: wire.text })).catch(null),
});

export const item = z.unknown().transform((sent) => {
  const body = z.record(z.string(), z.unknown()).catch({}).parse(sent);
  return { ...known.parse(body), body, sent };
});

export type Item = z.output<typeof item>;

export type ItemKind = 'message' | 'reasoning' | 'call' | 'result' | 'approvalRequest' | 'approval' | 'other';

export function kindOf({ type, role }: Item): ItemKind {
  switch (type) {
    case 'message':
    case 'output_message':
      return 'message';
    case 'reasoning':
      return 'reasoning';
    case 'mcp_approval_request':
      return 'approvalRequest';
    case 'mcp_approval_response':
      return 'approval';
    case null:
      return role === null ? 'other' : 'message';
    default:
      if (type.endsWith('_call')) return 'call';
      return type.endsWith('_output') ? 'result' : 'other';
  }
}

/** The entry that answers a call, an approval request or an approved call, among those that come after it. */
export function resultOf(call: Item, later: readonly Item[]): Item | undefined {
  const callId = callIdOf(call);
  return later.find((each) => kindOf(each) === 'result' && callId !== null && callIdOf(each) === callId);
}

export function approvalOf(request: Item, later: readonly Item[]): Item | undefined {
  return later.find((each) => kindOf(each) === 'approval' && isFor(request, each));
}

export function approvedCallOf(request: Item, later: readonly Item[]): Item | undefined {
  return later.find((each) => kindOf(each) === 'call' && isFor(request, each));
}

/** Some entries have an id for the call alone, beside their own. */
export function callIdOf({ call_id, id }: Item): string | null {
  return call_id ?? id;
}

/** Whether a person is asked about it and has not answered. */
export function isWaiting(entry: Item, later: readonly Item[]): boolean {
  if (kindOf(entry) !== 'approvalRequest') return false;
  return approvalOf(entry, later) === undefined && approvedCallOf(entry, later) === undefined;
}

/** Whether its answer is an entry of its own, which is not among these. */
export function isUnanswered(entry: Item, later: readonly Item[]): boolean {
  const isCall = kindOf(entry) === 'call' && entry.call_id !== null;
  return isWaiting(entry, later) || (isCall && resultOf(entry, later) === undefined);
}

function isFor(request: Item, { approval_request_id }: Item): boolean {
  return request.id !== null && approval_request_id === request.id;
}
