import { describe } from 'vitest';
import { changeContract } from './contract/changes.ts';
import { facetContract } from './contract/facets.ts';
import { leadContract } from './contract/leads.ts';
import type { StoreUnderTest } from './contract/open-store.ts';
import { orderContract } from './contract/order.ts';
import { propertyContract } from './contract/property.ts';
import { selectionContract } from './contract/selection.ts';
import { writeContract } from './contract/writes.ts';

/** What every store must do. */
export function storeContract(name: string, under: StoreUnderTest): void {
  describe(`the store of the catalog in ${name}`, () => {
    orderContract(under);
    selectionContract(under);
    facetContract(under);
    writeContract(under);
    changeContract(under);
    leadContract(under);
    propertyContract(under);
  });
}
