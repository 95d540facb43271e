import { expect, test } from 'vitest';
import { feedOf, forward, groupMoment, options, second, start, walkOn, withLargeGroup } from './lists.ts';
import { allRows } from './oracle.ts';
import { askPage, write } from './walk.ts';
import type { Row } from './world.ts';

for (const style of ['offset', 'pages', 'after-id'] as const) {
  test(`a scan budget that ends in the midst of a large group costs the other lists nothing (${style})`, async () => {
    const large = withLargeGroup(style, 'source-9');
    const others = [
      feedOf(1, 'pages', 60, (row) => (row > 50 ? groupMoment : start + row * second)),
      feedOf(2, 'after-id', 60, () => groupMoment),
    ];
    for (const rarity of [1000, 90, 7]) {
      const accepts = (row: Row) =>
        row.sourceId !== 'source-9' || Number.parseInt(row.key.slice(-4), 16) % rarity === 1;
      const { keys } = await walkOn([large, ...others], { ...forward, size: 10, scanRows: 100, accepts }, 100);
      expect(keys.toSorted()).toEqual(
        allRows([large, ...others], 'asc')
          .filter(accepts)
          .map((row) => row.key)
          .toSorted(),
      );
    }
  });

  test(`once a large group is behind, pages are whole again and cursors forget it (${style})`, async () => {
    const feeds = [feedOf(0, style, 300, () => groupMoment), feedOf(1, 'pages', 200)];
    const { pages } = await walkOn(feeds, { ...forward, size: 50, scanRows: 100 }, 100);
    const last = pages.at(-1);
    expect(last?.sources.get('source-0')?.tiesUnstable).toBe(false);
    expect(last?.end?.().cursor.lags.size).toBe(0);
  });

  test(`what cannot be told of the rows before one in a large group is said (${style})`, async () => {
    const feeds = [withLargeGroup(style)];
    const first = await askPage(feeds, options, { ...forward, size: 45, scanRows: 100 });
    const upTo = await askPage(feeds, options, { ...forward, size: 100, before: write(first.end) });
    expect(upTo.items.length).toBeLessThan(44);
    expect(upTo.sources.get('source-0')?.tiesUnstable).toBe(true);
  });
}
