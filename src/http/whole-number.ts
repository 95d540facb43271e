import { z } from 'zod';

/** As `z.int()`, whose mistakes would keep zod from looking at any rule between the settings beside it. */
export const wholeNumber = z.number().refine(Number.isInteger, 'must be a whole number').meta({ type: 'integer' });
