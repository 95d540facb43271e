import { registry } from '../providers/registry.ts';
import { builder } from './builder.ts';

export const Provider = builder.enumType('Provider', {
  description: 'A kind of agent platform.',
  values: Object.fromEntries(
    registry.map(({ name, title }) => [name.toUpperCase(), { value: name, description: `${title}.` }]),
  ),
});
