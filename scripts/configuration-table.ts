import { z } from 'zod';
import { toJsonSchema } from '../src/config/file-schema.ts';
import { registry } from '../src/providers/registry.ts';

const described = z.looseObject({
  description: z.string().default(''),
  default: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
});

interface Setting {
  readonly path: string;
  readonly description: string;
  readonly fallback: unknown;
}

/** The tables of all settings in docs/settings.md, from the schema that checks them. */
export function configurationTables(): string {
  const schema = described.parse(toJsonSchema());
  const server = settingsOf(schema.properties?.server, 'server');
  const kinds = described.parse(described.parse(schema.properties?.sources).items).oneOf ?? [];
  const bySource = kinds.map((kind) => settingsOf(kind, '').filter(({ path }) => !path.startsWith('limits.')));
  const [first = [], ...others] = bySource;
  const isShared = (setting: Setting) =>
    others.every((settings) => settings.some((other) => JSON.stringify(other) === JSON.stringify(setting)));
  const shared = first.filter(isShared);
  return [
    'Settings of the server:',
    table(server),
    'Settings of a source, whatever its provider. Its `limits` are those of `server.limits.http`, for this source alone:',
    table(shared),
    ...registry.flatMap(({ title, name }, index) => {
      const own = (bySource[index] ?? []).filter((setting) => !isShared(setting) && setting.path !== 'provider');
      return own.length === 0 ? [] : [`Settings of ${title} sources (\`provider: ${name}\`):`, table(own)];
    }),
  ].join('\n\n');
}

function settingsOf(value: unknown, path: string): readonly Setting[] {
  const { properties, description, default: fallback } = described.parse(value);
  if (properties === undefined) return [{ path, description, fallback }];
  return Object.entries(properties).flatMap(([name, child]) =>
    settingsOf(child, path === '' ? name : `${path}.${name}`),
  );
}

function table(settings: readonly Setting[]): string {
  const rows = settings.map(({ path, description, fallback }) => {
    const shown = fallback === undefined || fallback === null ? '' : `\`${JSON.stringify(fallback)}\``;
    return `| \`${path}\` | ${shown} | ${description.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`;
  });
  return ['| setting | default | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}
