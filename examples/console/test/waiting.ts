import type { Page } from 'playwright-core';

/** Waits for something in the page, and says what it was when it does not come. */
export async function until<Given>(
  page: Page,
  what: string,
  holds: (given: Given) => unknown,
  given: Given,
): Promise<void> {
  try {
    await page.waitForFunction<unknown, unknown>(holds as (given: unknown) => unknown, given);
  } catch (cause) {
    const seen = await page
      .locator('.end')
      .last()
      .textContent({ timeout: 1_000 })
      .catch(() => 'nothing');
    throw new Error(`Waited in vain for ${what}; at the end of the list there is: ${seen}`, { cause });
  }
}

/** The list of the URL, not the one before it: the URL changes first. */
export const settled = (page: Page, search: string): Promise<void> =>
  until(
    page,
    `the list of ${search}`,
    (wanted) => window.location.search === wanted && document.querySelector('main')?.dataset.shows === wanted,
    search,
  );
