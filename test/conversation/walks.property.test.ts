import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backwardConversation } from '../../src/conversation/backward-conversation.ts';
import type { Conversation, Place } from '../../src/conversation/conversation.ts';
import { forwardConversation } from '../../src/conversation/forward-conversation.ts';
import { type MessagePage, readMessagePage } from '../../src/conversation/page.ts';
import { decodePlace, encodePlace } from '../../src/conversation/place-cursor.ts';
import { type Section, sectionedConversation } from '../../src/conversation/sectioned-conversation.ts';
import { wholeConversation } from '../../src/conversation/whole-conversation.ts';
import type { MessageRecord, MessageRole } from '../../src/domain/message.ts';
import { propertyParameters } from '../pagination/plans.ts';

const dialects = ['whole', 'backward', 'forward', 'sections'] as const;
const maxLimit = 4;

function message(number: number, role: MessageRole): MessageRecord {
  return {
    id: `m${number}`,
    nativeId: null,
    turnId: null,
    parentTurnId: null,
    role,
    nativeRole: null,
    name: null,
    status: 'COMPLETED',
    createdAt: null,
    finishedAt: null,
    model: null,
    usage: null,
    error: null,
    parts: () => [],
  };
}

/** A platform that holds these messages now, as one operation reads it. */
function open(dialect: (typeof dialects)[number], held: readonly MessageRecord[]): Conversation {
  switch (dialect) {
    case 'whole':
      return wholeConversation(async () => ({ messages: held, scanned: held.length, isCut: false }));
    case 'forward':
      return forwardConversation({
        maxLimit,
        read: async (offset, limit) => held.slice(offset, offset + inLimit(limit)),
      });
    case 'backward':
      return backwardConversation({
        maxLimit,
        async read(before, limit) {
          const until = before === null ? held.length : held.findIndex(({ id }) => id === before);
          const messages = held.slice(Math.max(0, until - inLimit(limit)), Math.max(0, until));
          return { messages, hasMore: until - messages.length > 0 };
        },
      });
    case 'sections':
      return sectionedConversation(async () => ({ sections: sectionsOf(held), scanned: held.length, isCut: false }));
  }
}

/** Three messages each, and an empty one after each. */
function sectionsOf(held: readonly MessageRecord[]): readonly Section[] {
  const numberOf = ({ id }: MessageRecord) => Math.floor(Number(id.slice(1)) / 3);
  return [...new Set(held.map(numberOf))].flatMap((number) => [
    { id: `${number}`, expected: 2, read: async () => held.filter((each) => numberOf(each) === number) },
    { id: `${number}-empty`, expected: 1, read: async () => [] },
  ]);
}

/** As the platforms, which refuse any other. */
function inLimit(limit: number): number {
  expect(limit).toBeGreaterThanOrEqual(1);
  expect(limit).toBeLessThanOrEqual(maxLimit);
  return limit;
}

const roles = ['USER', 'ASSISTANT', 'TOOL'] as const;

const world = fc.record({
  dialect: fc.constantFrom(...dialects),
  roles: fc.array(fc.constantFrom(...roles), { maxLength: 30 }),
  /** How many are added after each page. */
  added: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }),
  sizes: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
  only: fc.option(fc.subarray([...roles], { minLength: 1 })),
  rows: fc.integer({ min: 1, max: 40 }),
});

type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

interface Walked {
  readonly ids: readonly string[];
  /** The conversation when the walk began, and when it ended. */
  readonly began: readonly MessageRecord[];
  readonly ended: readonly MessageRecord[];
}

const maxAdded = 40;

async function walk(of: World, way: 'forward' | 'backward'): Promise<Walked> {
  let held = of.roles.map((role, number) => message(number, role));
  const began = held;
  const accepts =
    of.only === null ? null : ({ role }: MessageRecord) => of.only?.some((each) => each === role) === true;
  const pages: MessagePage[] = [];
  let cursor: string | null = null;
  for (let step = 0; ; step += 1) {
    expect(step, 'the walk ends').toBeLessThan(400);
    const place: Place | null = cursor === null ? null : decodePlace(cursor, 'list');
    const page = await readMessagePage(open(of.dialect, held), {
      walk: way,
      size: of.sizes[step % of.sizes.length] ?? 1,
      after: way === 'forward' ? place : null,
      before: way === 'forward' ? null : place,
      accepts,
      rows: of.rows,
    });
    pages.push(page);
    if (!page.more) break;
    const next: string | null = page.end === null ? null : encodePlace(page.end, 'list');
    expect(next, 'a page that promises more leads on').not.toBe(cursor);
    cursor = next;
    const added = held.length - began.length < maxAdded ? (of.added[step % of.added.length] ?? 0) : 0;
    held = [...held, ...Array.from({ length: added }, (_, at) => message(held.length + at, 'USER'))];
  }
  const inOrder = way === 'forward' ? pages : pages.toReversed();
  return { ids: inOrder.flatMap(({ items }) => items.map((item) => item.message.id)), began, ended: held };
}

function accepted(held: readonly MessageRecord[], only: World['only']): readonly string[] {
  return held.filter(({ role }) => only === null || only.some((each) => each === role)).map(({ id }) => id);
}

test('walking forward tells everything once and in order, also what is added meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (of) => {
      const { ids, ended } = await walk(of, 'forward');
      expect(ids).toEqual(accepted(ended, of.only));
    }),
    propertyParameters(3),
  );
});

test('walking backward tells everything that was there at the beginning once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (of) => {
      const { ids, began, ended } = await walk(of, 'backward');
      const all = accepted(ended, of.only);
      // A platform that is read from the other end has the newest as of when the walk got there.
      expect(all).toEqual(expect.arrayContaining([...ids]));
      expect(ids).toEqual(all.slice(0, ids.length));
      expect(ids.length).toBeGreaterThanOrEqual(accepted(began, of.only).length);
    }),
    propertyParameters(3),
  );
});

test('nothing comes twice and nothing is passed over when messages are taken away: the cursor is refused', async () => {
  for (const dialect of dialects) {
    const held = Array.from({ length: 12 }, (_, number) => message(number, 'USER'));
    const pageOf = (of: readonly MessageRecord[], after: Place | null, before: Place | null = null) =>
      readMessagePage(open(dialect, of), {
        walk: before === null ? 'forward' : 'backward',
        size: 3,
        after,
        before,
        accepts: null,
        rows: 100,
      });
    const first = await pageOf(held, null);
    const without = held.filter(({ id }) => id !== 'm2');
    await expect(pageOf(without, first.end), dialect).rejects.toMatchObject({ code: 'BAD_CURSOR' });
    await expect(pageOf(without, null, first.end), dialect).rejects.toMatchObject({ code: 'BAD_CURSOR' });
    // One that is elsewhere now is found there.
    const shifted = held.filter(({ id }) => id !== 'm0');
    expect(
      (await pageOf(shifted, first.end)).items.map((item) => item.message.id),
      dialect,
    ).toEqual(['m3', 'm4', 'm5']);
    const before = await pageOf(shifted, null, first.end);
    expect(
      before.items.map((item) => item.message.id),
      dialect,
    ).toEqual(['m1']);
    expect(before.more, dialect).toBe(false);
  }
});

test('an end that was searched for page by page is found when nothing lies behind the last page', async () => {
  const held = Array.from({ length: 2 * maxLimit }, (_, number) => message(number, 'USER'));
  const ids: string[] = [];
  let before: Place | null = null;
  for (let pages = 1; ids.length < held.length; pages += 1) {
    const page: MessagePage = await readMessagePage(open('forward', held), {
      walk: 'backward',
      size: 3,
      after: null,
      before,
      accepts: null,
      rows: 1,
    });
    expect(pages).toBeLessThan(10);
    ids.unshift(...page.items.map((item) => item.message.id));
    before = page.end;
  }
  expect(ids).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
});

test('between two cursors lies what is between them; nothing where they are in the other order', async () => {
  const held = Array.from({ length: 12 }, (_, number) => message(number, 'USER'));
  for (const dialect of dialects) {
    const pageOf = async (walk: 'forward' | 'backward', after: Place | null, before: Place | null, size = 20) => {
      const page = await readMessagePage(open(dialect, held), { walk, size, after, before, accepts: null, rows: 100 });
      return { ids: page.items.map((item) => item.message.id), more: page.more };
    };
    const all = await readMessagePage(open(dialect, held), {
      walk: 'forward',
      size: 12,
      after: null,
      before: null,
      accepts: null,
      rows: 100,
    });
    const placeOf = (number: number) => all.items[number]?.place ?? null;
    const gone: Place = { id: 'gone', position: 30, anchor: null };
    for (const walk of ['forward', 'backward'] as const) {
      const between = { ids: ['m4', 'm5', 'm6'], more: false };
      expect(await pageOf(walk, placeOf(3), placeOf(7)), dialect).toEqual(between);
      expect(await pageOf(walk, placeOf(3), placeOf(4)), dialect).toEqual({ ids: [], more: false });
      expect(await pageOf(walk, placeOf(5), placeOf(5)), dialect).toEqual({ ids: [], more: false });
      const swapped = pageOf(walk, placeOf(7), placeOf(3));
      if (dialect !== 'sections') expect(await swapped).toEqual({ ids: [], more: false });
      else await expect(swapped, dialect).rejects.toMatchObject({ code: 'BAD_CURSOR' });
    }
    await expect(pageOf('forward', null, gone), dialect).rejects.toMatchObject({ code: 'BAD_CURSOR' });
    await expect(pageOf('backward', gone, null), dialect).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  }
});
