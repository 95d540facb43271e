import { z } from 'zod';
import { registry } from '../providers/registry.ts';
import { server } from './server-schema.ts';
import { settings } from './settings.ts';
import { sourceSchema } from './source-schema.ts';

const serverSection = server.prefault({}).describe('Settings of this server.');

/** The file without the settings inside its sources, which depend on their providers. */
export const file = settings({
  server: serverSection,
  sources: z.array(z.unknown()).min(1).max(200),
});

/** JSON Schema of the file, for editors. It is derived from the schemas that read the file, so it cannot differ from them. */
export function toJsonSchema(): Readonly<Record<string, unknown>> {
  const [first, ...others] = registry.map(sourceSchema);
  if (first === undefined) throw new Error('There are no providers.');
  const whole = settings({
    server: serverSection,
    sources: z
      .array(z.discriminatedUnion('provider', [first, ...others]))
      .min(1)
      .max(200)
      .describe('The deployments of platforms to read. `sources` in the graph lists them in this order.'),
  });
  return {
    title: 'Configuration of Session Graph',
    description: `In any text, \${NAME} is replaced by the environment variable NAME. Write $\${ for a literal \${.`,
    ...z.toJSONSchema(whole, { io: 'input' }),
  };
}
