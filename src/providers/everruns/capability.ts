import { z } from 'zod';
import { json, type ObjectShape, text } from '../shape.ts';
import * as wire from '../wire.ts';

export const capability = z.object({ ref: wire.text, config: wire.json });

export const capabilityShape: ObjectShape<z.infer<typeof capability>> = {
  name: 'EverrunsCapability',
  description: 'A capability of an agent or a session.',
  fields: {
    ref: text('The id of the capability, such as `web_fetch`.', (row) => row.ref),
    config: json('The settings of the capability. Each capability has its own.', (row) => row.config),
  },
};
