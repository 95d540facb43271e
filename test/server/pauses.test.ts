import { expect, test } from 'vitest';
import { createPauses } from '../../src/server/pauses.ts';

test('many who go on at the same moment leave a turn to what else waits, and go on in their order', async () => {
  const pause = createPauses();
  const order: (number | 'else')[] = [];
  setImmediate(() => order.push('else'));
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      await pause();
      order.push(index);
    }),
  );
  expect(order.filter((each) => each !== 'else')).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(order.slice(0, 20)).toContain('else');
});
