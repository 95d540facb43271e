import { z } from 'zod';
import { registry } from '../providers/registry.ts';
import { server } from './server-schema.ts';
import { settings } from './settings.ts';
import { sourceSchema } from './source-schema.ts';

const serverSection = server.prefault({}).describe('This server.');

/** The file, but for what is inside its sources: which settings one has depends on its provider. */
export const file = settings({
  server: serverSection,
  sources: z.array(z.unknown()).min(1).max(200),
});

/** The file as JSON Schema, for editors: made of what reads it, so that limits, defaults and descriptions are those in force. */
export function toJsonSchema(): Readonly<Record<string, unknown>> {
  const [first, ...others] = registry.map(sourceSchema);
  if (first === undefined) throw new Error('There are no providers.');
  const whole = settings({
    server: serverSection,
    sources: z
      .array(z.discriminatedUnion('provider', [first, ...others]))
      .min(1)
      .max(200)
      .describe('The deployments to read, in the order in which they are listed.'),
  });
  return {
    title: 'Configuration of Session Graph',
    description: `In any text, \${NAME} stands for an environment variable and $\${ for a plain \${.`,
    ...z.toJSONSchema(whole, { io: 'input' }),
  };
}
