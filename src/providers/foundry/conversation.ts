import { type Section, sectionedConversation } from '../../conversation/sectioned-conversation.ts';
import { UpstreamError } from '../../domain/errors.ts';
import { lazily } from '../../domain/lazily.ts';
import { once } from '../batch.ts';
import { ownerIdOf } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { Conversations } from '../source.ts';
import { type FoundryClient, maxPageSize } from './client.ts';
import { type Item, isUnanswered } from './item.ts';
import { countOutputMessages, type Entry, inputMessages, outputMessages } from './message.ts';
import { hasMore, type Page } from './page.ts';
import type { ResponseRow } from './response.ts';
import type { FoundrySettings } from './settings.ts';

const maxPages = 10;

const unsupported =
  'has sessions that are sandboxes and hold no messages: set `conversations: { scan: true }` in its configuration ' +
  'to search the responses of their agents for them';

/** A session is a sandbox. What was said in it is in the responses of its agent, which name their session. */
export function foundryConversations(
  { id: sourceId, settings }: SourceConfig<FoundrySettings>,
  client: FoundryClient,
): Conversations {
  if (!settings.conversations.scan) return { of: null, unsupported };
  const known = new Map<string, Promise<FoundResponses>>();
  return {
    unsupported: null,
    of: ({ key, nativeId }) =>
      sectionedConversation(async () => {
        const { rows, isCut } = await once(known, ownerIdOf(key), (agentName) => readResponses(agentName, client));
        if (rows.length > 0 && rows.every((row) => row.agent_session_id === null)) {
          const sentence = 'does not say to which sessions the responses of the agent belong';
          throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE', { sentence });
        }
        const own = rows.filter((row) => row.agent_session_id === nativeId);
        return { sections: sectionsOf(turnsOf(own.toReversed(), client)), scanned: rows.length, isCut };
      }),
  };
}

interface FoundResponses {
  /** Newest first. */
  readonly rows: readonly ResponseRow[];
  readonly isCut: boolean;
}

async function readResponses(agentName: string, client: FoundryClient): Promise<FoundResponses> {
  const rows: ResponseRow[] = [];
  let after: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page = await client.listResponses(agentName, { order: 'desc', after, limit: maxPageSize });
    rows.push(...page.data);
    const isLast = !hasMore(page, after);
    if (isLast || pages === maxPages) return { rows, isCut: !isLast };
    after = page.last_id;
  }
}

/** A response and what it was asked, which is read when it is wanted. */
interface Turn {
  readonly response: ResponseRow;
  readonly output: readonly Entry[];
  input(): Promise<readonly Entry[]>;
  /** The one right before, if nothing was said in it. */
  readonly silent: Turn | null;
}

function turnsOf(responses: readonly ResponseRow[], client: FoundryClient): readonly Turn[] {
  const turnOf = new Map<string, number>();
  const turns: Turn[] = [];
  for (const [index, response] of responses.entries()) {
    const isToldBefore = (id: string) => (turnOf.get(id) ?? index) < index;
    const output = response.output.flatMap((item, at) => {
      const id = item.id ?? `${response.id}/${at}`;
      if (turnOf.has(id)) return [];
      turnOf.set(id, index);
      return [{ id, item }];
    });
    const before = turns.at(-1) ?? null;
    const silent = before?.output.length === 0 ? before : null;
    turns.push({ response, output, silent, input: lazily(() => readInput(response.id, silent, isToldBefore, client)) });
  }
  return turns;
}

/**
 * The input that no earlier response has told. Clients send the history again, and the platform adds that of the response before,
 * in order: once something told comes up on the way back, all before it was told too. That something is output, unless
 * the responses right before have none.
 */
async function readInput(
  responseId: string,
  silent: Turn | null,
  isToldBefore: (id: string) => boolean,
  client: FoundryClient,
): Promise<readonly Entry[]> {
  const told = new Set<string>();
  for (let turn = silent; turn !== null; turn = turn.silent) {
    for (const { id } of await turn.input()) told.add(id);
  }
  const newestFirst = new Map<string, Entry>();
  const inOrder = () => [...newestFirst.values()].toReversed();
  for (let after: string | null = null, more = true; more; ) {
    const page: Page<Item> | null = await client.listInputItems(responseId, {
      order: 'desc',
      after,
      limit: maxPageSize,
    });
    if (page === null) return inOrder();
    for (const item of page.data) {
      const id = item.id ?? `${responseId}/input/${newestFirst.size}`;
      if (told.has(id) || isToldBefore(id)) return inOrder();
      newestFirst.set(id, { id, item });
    }
    more = hasMore(page, after);
    after = page.last_id;
  }
  return inOrder();
}

/** The input and the output of each response, oldest first. */
function sectionsOf(turns: readonly Turn[]): readonly Section[] {
  return turns.flatMap(({ response, output, input }, index) => {
    const items = output.map(({ item }) => item);
    const readAnswers = () => answersTo(response.id, items, turns.slice(index + 1));
    const said: Section = {
      id: `${response.id}/output`,
      expected: countOutputMessages(output, response),
      read: lazily(async () => outputMessages(output, response, await readAnswers())),
    };
    const asked: Section = {
      id: `${response.id}/input`,
      expected: 1,
      read: lazily(async () => inputMessages(await input(), response, items)),
    };
    return said.expected === 0 ? [asked] : [asked, said];
  });
}

/** What follows a response, if it has calls that wait for an answer from there. */
async function answersTo(
  responseId: string,
  output: readonly Item[],
  later: readonly Turn[],
): Promise<readonly Item[]> {
  if (!output.some((item, index) => isUnanswered(item, output.slice(index + 1)))) return [];
  const naming = later.filter(({ response }) => response.previous_response_id === responseId);
  const next = later.slice(0, 1).filter(({ response }) => response.previous_response_id === null);
  const following = naming.length > 0 ? naming : next;
  const told = await Promise.all(following.map(async (turn) => [...(await turn.input()), ...turn.output]));
  return told.flat().map(({ item }) => item);
}
