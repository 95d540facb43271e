import { z } from 'zod';
import { type FieldShape, flag, int, json, text } from '../shape.ts';
import * as wire from '../wire.ts';

/** What agents, teams and workflows have in common. */
export const componentRow = z.object({
  db_id: wire.text,
  description: wire.text,
  metadata: wire.json,
  input_schema: wire.json,
  factory_input_schema: wire.json,
  is_factory: wire.flag,
  is_component: wire.flag,
  current_version: wire.number,
  stage: wire.text,
  sandboxed: wire.flag,
});

export type ComponentRow = z.infer<typeof componentRow>;

export const componentFields: Readonly<Record<string, FieldShape<{ readonly row: ComponentRow }>>> = {
  factoryInputSchema: json(
    'The JSON Schema of the input of its factory. Null when no factory builds it.',
    ({ row }) => row.factory_input_schema,
  ),
  isFactory: flag('Whether a factory builds it for each run. Null before version 2.6.', ({ row }) => row.is_factory),
  isComponent: flag(
    'Whether it is stored in the database rather than written in code. Null before version 2.5.',
    ({ row }) => row.is_component,
  ),
  currentVersion: int('The version in use, when it is stored in the database.', ({ row }) => row.current_version),
  stage: text('The stage of that version, such as `draft` or `published`.', ({ row }) => row.stage),
  sandboxed: flag('Whether it runs in a sandbox. Null before version 3.1.', ({ row }) => row.sandboxed),
};
