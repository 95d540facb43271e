import { hasStatus } from '../../domain/errors.ts';

interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

type ReadPage<Row> = (page: number, size: number) => Promise<Rows<Row>>;

/** A stretch of the list. It is a page when its offset is a multiple of its size. */
interface Block {
  readonly offset: number;
  readonly size: number;
}

const largestBlock = 64;

/** Far past the end of every list: a healthy platform answers with an empty page. */
export const beyondEnd = 1_000_000_000;

/** After this many failures in a row an empty page is read, so that the circuit breaker stays closed. */
const failuresInRow = 3;

/**
 * A page, read in halves when the platform fails: one session that it cannot show turns every page that holds it into a 500.
 * When an empty page fails too, the platform itself is broken, and its failure stands.
 */
export async function readAroundUnreadable<Row>(
  read: ReadPage<Row>,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<Rows<Row | null>> {
  try {
    return await read(page, size);
  } catch (error) {
    if (!isOfARow(error)) throw error;
  }
  const { total } = await read(beyondEnd, 1);
  const offset = (page - 1) * size;
  return { rows: await readInHalves(read, { offset, size }), total };
}

async function readInHalves<Row>(read: ReadPage<Row>, failed: Block): Promise<readonly (Row | null)[]> {
  let failures = 0;

  async function readBlock({ offset, size }: Block): Promise<readonly Row[] | null> {
    if (failures >= failuresInRow) await read(beyondEnd, 1);
    try {
      const { rows } = await read(offset / size + 1, size);
      failures = 0;
      return rows;
    } catch (error) {
      if (!isOfARow(error)) throw error;
      failures = failures >= failuresInRow ? 1 : failures + 1;
      return null;
    }
  }

  /** Reads all parts before it splits any of them. */
  async function readParts(block: Block): Promise<readonly (Row | null)[]> {
    if (block.size === 1) return [null];
    const parts = toBlocks(block);
    const answers: (readonly Row[] | null)[] = [];
    for (const [index, part] of parts.entries()) {
      // When all other parts could be read, the last one is at fault. A single row is still read, because failures pass.
      const isCulprit = index === parts.length - 1 && part.size > 1 && answers.every((answer) => answer !== null);
      answers.push(isCulprit ? null : await readBlock(part));
    }
    const rows: (Row | null)[] = [];
    for (const [index, part] of parts.entries()) rows.push(...(answers[index] ?? (await readParts(part))));
    return rows;
  }

  return readParts(failed);
}

/** At least two blocks that make up the stretch. Their sizes are powers of two, so that each is a page. */
function toBlocks({ offset, size }: Block): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = offset; at < offset + size; ) {
    let block = largestBlock;
    while (at % block !== 0 || at + block > offset + size || block === size) block /= 2;
    blocks.push({ offset: at, size: block });
    at += block;
  }
  return blocks;
}

function isOfARow(error: unknown): boolean {
  return hasStatus(error, 500);
}
