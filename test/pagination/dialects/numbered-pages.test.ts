import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coveringPage } from '../../../src/pagination/dialects/numbered-pages.ts';

test('one page holds any window of half a page, and the start of any other', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 100 }), (offset, limit) => {
      const { page, size } = coveringPage(offset, limit, 100);
      const first = (page - 1) * size;
      expect(page).toBeGreaterThanOrEqual(1);
      expect(size).toBeLessThanOrEqual(100);
      expect(first).toBeLessThanOrEqual(offset);
      const held = first + size - offset;
      expect(held).toBeGreaterThanOrEqual(limit <= 50 ? limit : 1);
    }),
    { numRuns: 2000 },
  );
});
