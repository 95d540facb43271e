import { describe, expect, test } from 'vitest';
import { readMessagePage } from '../../src/conversation/page.ts';
import { type Section, sectionedConversation } from '../../src/conversation/sectioned-conversation.ts';
import { RequestError } from '../../src/domain/errors.ts';
import type { MessageRecord } from '../../src/domain/message.ts';

function message(id: string): MessageRecord {
  return {
    id,
    nativeId: id,
    turnId: null,
    parentTurnId: null,
    role: 'USER',
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

/** Sections of these many messages, which are named `<section>.<message>`. */
function sections(...sizes: readonly number[]) {
  const read: string[] = [];
  const all = sizes.map((size, at): Section => {
    const messages = Array.from({ length: size }, (_, index) => message(`${at}.${index}`));
    return {
      id: `${at}`,
      expected: 1,
      async read() {
        read.push(`${at}`);
        return messages;
      },
    };
  });
  return { all, read, ids: sizes.flatMap((size, at) => Array.from({ length: size }, (_, index) => `${at}.${index}`)) };
}

/** The conversation as another operation reads it. */
function open(all: readonly Section[], isCut = false) {
  return sectionedConversation(async () => ({ sections: all, scanned: all.length, isCut }));
}

const all = { accepts: null, rows: 1_000, after: null, before: null };

describe('a conversation in sections', () => {
  test.each([1, 2, 3, 5, 60])(
    'is walked forward and back once, %d at a time, whatever its sections hold',
    async (size) => {
      for (const sizes of [[], [0], [0, 0, 2], [3, 0, 0, 1, 4, 0], [1, 1, 1, 1], [70, 0, 70]]) {
        const { all: held, ids } = sections(...sizes);
        for (const walk of ['forward', 'backward'] as const) {
          const found: string[] = [];
          const isForward = walk === 'forward';
          let end = null;
          for (let more = true, turns = 0; more; turns += 1) {
            expect(turns).toBeLessThan(200);
            const page = await readMessagePage(open(held), {
              ...all,
              walk,
              size,
              [isForward ? 'after' : 'before']: end,
            });
            const own = page.items.map((item) => item.message.id);
            if (isForward) found.push(...own);
            else found.unshift(...own);
            ({ end, more } = page);
          }
          expect(found, `${sizes} ${walk}`).toEqual(ids);
        }
      }
    },
  );

  test('goes on where it was, when messages have come meanwhile', async () => {
    const before = sections(2, 2);
    const page = await readMessagePage(open(before.all), { ...all, walk: 'forward', size: 3 });
    const after = sections(2, 3, 1);
    const next = await readMessagePage(open(after.all), { ...all, walk: 'forward', size: 3, after: page.end });
    expect(next.items.map((item) => item.message.id)).toEqual(['1.1', '1.2', '2.0']);
  });

  test('reads the sections that a page needs, and no others', async () => {
    const { all: held, read } = sections(1, 1, 1, 1, 1, 1);
    const page = await readMessagePage(open(held), { ...all, walk: 'backward', size: 2 });
    expect(page).toMatchObject({ more: true, total: null, isCut: false });
    expect(read.toSorted()).toEqual(['4', '5']);
  });

  test('reads no more than 50 sections at once', async () => {
    const { all: held, read } = sections(...Array.from({ length: 120 }, () => 1));
    const stretch = await open(held).before(null, { messages: Number.MAX_SAFE_INTEGER, rows: 1_000 });
    expect(stretch).toMatchObject({ scanned: 170, isStart: false, isEnd: true });
    expect(stretch.items).toHaveLength(50);
    expect(read).toHaveLength(50);
  });

  test('counts its messages only where it is whole', async () => {
    const { all: held } = sections(2, 3);
    const whole = { ...all, walk: 'forward', size: 10 } as const;
    expect(await readMessagePage(open(held), whole)).toMatchObject({ total: 5, scanned: 7, more: false });
    expect(await readMessagePage(open(held, true), whole)).toMatchObject({ total: null, isCut: true, more: false });
    const many = sections(60, 60);
    const long = { ...all, walk: 'forward', size: 200 } as const;
    expect(await readMessagePage(open(many.all, true), long)).toMatchObject({ total: null, isCut: true, more: false });
    expect(await readMessagePage(open(many.all), long)).toMatchObject({ total: 120, isCut: false });
    expect(await open(held).count(() => true)).toBeNull();
  });

  test('is cut only where it begins', async () => {
    const { all: held } = sections(2, 2);
    const cut = open(held, true);
    const last = await readMessagePage(cut, { ...all, walk: 'backward', size: 2 });
    expect(last).toMatchObject({ isCut: false, more: true });
    const before = await readMessagePage(cut, { ...all, walk: 'backward', size: 2, before: last.end });
    expect(before).toMatchObject({ isCut: true, more: false });
    const after = await readMessagePage(cut, {
      ...all,
      walk: 'forward',
      size: 3,
      after: before.items[0]?.place ?? null,
    });
    expect(after).toMatchObject({ isCut: false, more: false });
  });

  test('refuses a place that is gone', async () => {
    const { all: held } = sections(2, 2);
    for (const [id, anchor] of [
      ['1.0', '7'],
      ['1.7', '1'],
      [null, null],
    ] as const) {
      const place = { id, position: null, anchor };
      await expect(open(held).after(place, { messages: 2, rows: 9 })).rejects.toThrow(RequestError);
      await expect(open(held).before(place, { messages: 2, rows: 9 })).rejects.toMatchObject({ code: 'BAD_CURSOR' });
    }
  });
});
