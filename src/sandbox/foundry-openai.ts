import { jsonReply, lastValue, type PlatformRequest, type Reply } from './exchange.ts';
import type { FoundryStore } from './foundry-data.ts';
import { failure, page, userOf } from './foundry-replies.ts';
import { type FoundryResponse, inputOf, outputOf, responsesOf, responseWire } from './foundry-responses.ts';
import type { JsonObject } from './json.ts';

/** The conversations of a project: responses, what was sent for them, and all of it in order. */
export function openAiReply(
  request: PlatformRequest,
  [collection, id, part, ...rest]: readonly string[],
  store: FoundryStore,
): Reply {
  if (rest.length > 0) return notFound;
  if (collection === 'responses' && id === undefined) return listResponses(request, store);
  if (collection === 'responses' && id !== undefined) return responseReply(request, id, part, store);
  return collection === 'conversations' && part === 'items' ? conversationReply(request, id ?? '', store) : notFound;
}

const notFound = failure(404, 'NotFound', 'Resource not found.');

function listResponses(request: PlatformRequest, store: FoundryStore): Reply {
  const agent = lastValue(request.query, 'agent_name');
  const newestFirst = visible(request, store, agent).sort((a, b) => b.createdAt - a.createdAt || b.index - a.index);
  return page(request, newestFirst, {
    object: 'list',
    idOf: ({ id }) => id,
    wire: (response) => responseWire(response, store),
  });
}

/** Everybody sees what they own; who asks for nobody sees all. */
function visible(request: PlatformRequest, store: FoundryStore, agent: string | null): FoundryResponse[] {
  const user = userOf(request);
  return store.sessions
    .filter((session) => (agent === null || session.agent === agent) && (user === undefined || session.owner === user))
    .flatMap((session) => responsesOf(session, store));
}

function responseReply(request: PlatformRequest, id: string, part: string | undefined, store: FoundryStore): Reply {
  if (part !== undefined && part !== 'input_items') return notFound;
  const response = visible(request, store, null).find((candidate) => candidate.id === id);
  if (response === undefined) return failure(404, 'not_found', `Response with id '${id}' not found.`);
  return part === undefined ? jsonReply(200, responseWire(response, store)) : itemsReply(request, inputOf(response));
}

function conversationReply(request: PlatformRequest, id: string, store: FoundryStore): Reply {
  const responses = visible(request, store, null).filter(({ conversationId }) => conversationId === id);
  if (responses.length === 0) return failure(404, 'not_found', `Conversation with id '${id}' not found.`);
  return itemsReply(
    request,
    responses.flatMap((response) => [...inputOf(response), ...outputOf(response)]),
  );
}

function itemsReply(request: PlatformRequest, oldestFirst: readonly JsonObject[]): Reply {
  return page(request, oldestFirst.toReversed(), {
    object: 'list',
    idOf: ({ id }) => String(id),
    wire: (item) => item,
  });
}
