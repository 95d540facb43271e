import { lazily } from '../domain/lazily.ts';
import type { MessageRecord } from '../domain/message.ts';
import { type Conversation, type Place, placeGone, type Stretch, type Wanted } from './conversation.ts';

/** Messages of a conversation that are read together, such as those of a turn. */
export interface Section {
  readonly id: string;
  /** About how many messages it has, which may be known before it is read. */
  readonly expected: number;
  /** Oldest first; asked for again and again, and read once. */
  read(): Promise<readonly MessageRecord[]>;
}

export interface SectionList {
  /** Oldest first. */
  readonly sections: readonly Section[];
  /** How many rows the platform sent for them. */
  readonly scanned: number;
  /** Whether the platform may have older ones that were not searched. */
  readonly isCut: boolean;
}

/** A stretch has no more messages than this, so that it does not take more reads at a time than a platform likes. */
const maxMessages = 50;

/** For platforms that list the sections of a conversation, and are asked for the messages of each when they are wanted. */
export function sectionedConversation(load: () => Promise<SectionList>): Conversation {
  const list = lazily(load);

  /** The messages of sections one after the other, read together as far as they are expected to be needed. */
  async function collect(sections: readonly Section[], wanted: number) {
    const read: { readonly section: Section; readonly messages: readonly MessageRecord[] }[] = [];
    let found = 0;
    while (found === 0 && read.length < sections.length) {
      const next = upTo(sections.slice(read.length), wanted);
      const messages = await Promise.all(next.map((section) => section.read()));
      read.push(...next.map((section, index) => ({ section, messages: messages[index] ?? [] })));
      found += messages.reduce((sum, { length }) => sum + length, 0);
    }
    return read;
  }

  async function stretchFrom(
    place: Place | null,
    direction: 'after' | 'before',
    { messages }: Wanted,
  ): Promise<Stretch> {
    const { sections, scanned, isCut } = await list();
    const wanted = Math.min(messages, maxMessages);
    const isForward = direction === 'after';
    const ahead = isForward ? sections : sections.toReversed();
    const at = place === null ? 0 : ahead.findIndex(({ id }) => id === place.anchor);
    if (at === -1) throw placeGone();
    const first = place === null ? [] : await beyond(place, ahead[at], isForward);
    const rest = ahead.slice(place === null ? 0 : at + 1);
    const read = first.length >= wanted ? [] : await collect(rest, wanted - first.length);
    const items = [
      ...first.map((message) => toPlaced(message, place?.anchor ?? null)),
      ...read.flatMap(({ section, messages: own }) =>
        (isForward ? own : own.toReversed()).map((message) => toPlaced(message, section.id)),
      ),
    ];
    const isEnd = read.length === rest.length && items.length <= wanted;
    const isStart = isForward ? place === null : isEnd;
    const inOrder = items.slice(0, wanted);
    return {
      items: isForward ? inOrder : inOrder.toReversed(),
      scanned: (place === null ? scanned : 0) + items.length,
      isStart,
      isEnd: isForward ? isEnd : place === null,
      unfinished: null,
      isCut: isStart && isCut,
    };
  }

  return {
    after: (place, wanted) => stretchFrom(place, 'after', wanted),
    before: (place, wanted) => stretchFrom(place, 'before', wanted),
    count: async () => null,
  };
}

function upTo(sections: readonly Section[], wanted: number): readonly Section[] {
  let expected = 0;
  const length = sections.findIndex((section) => {
    expected += section.expected;
    return expected >= wanted;
  });
  return length === -1 ? sections : sections.slice(0, length + 1);
}

function toPlaced(message: MessageRecord, section: string | null) {
  return { message, place: { id: message.id, position: null, anchor: section } };
}

/** What comes after a place in its own section, in the direction of the walk. */
async function beyond(
  { id }: Place,
  section: Section | undefined,
  isForward: boolean,
): Promise<readonly MessageRecord[]> {
  const messages = (await section?.read()) ?? [];
  const inOrder = isForward ? messages : messages.toReversed();
  const index = inOrder.findIndex((message) => message.id === id);
  if (index === -1) throw placeGone();
  return inOrder.slice(index + 1);
}
