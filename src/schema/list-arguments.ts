import type { ListOrderField } from '../connections/whole-list.ts';
import { builder } from './builder.ts';
import { DateTimeRange } from './date-time-range.ts';
import { OrderDirection } from './order-direction.ts';
import { Provider } from './provider.ts';

export const agentArguments = listArguments('Agent', 'agents', ['CREATED_AT', 'NAME']);
export const teamArguments = listArguments('Team', 'teams', ['CREATED_AT', 'NAME']);
// No platform reports when a workflow was created.
export const workflowArguments = listArguments('Workflow', 'workflows', ['NAME']);

/** The arguments of every connection of one kind of node whose lists are whole; `fields` begins with the usual order. */
function listArguments(name: string, many: string, fields: readonly [ListOrderField, ...(readonly ListOrderField[])]) {
  const [usual] = fields;
  const descriptions: Readonly<Record<ListOrderField, string>> = {
    CREATED_AT: 'When it was created. Those without a time of creation come first in `ASC` and last in `DESC`.',
    NAME: 'Its name, ignoring case. Those without a name come first in `ASC` and last in `DESC`.',
  };

  const Filter = builder.inputType(`${name}Filter`, {
    description: `Which ${many} to include: those that match every given field. A list is matched by any of its items, and an empty list matches nothing.`,
    fields: (t) => ({
      sources: t.idList({ description: `Only ${many} of these sources, each given by its \`slug\` or its \`id\`.` }),
      providers: t.field({ type: [Provider], description: `Only ${many} on platforms of these kinds.` }),
      search: t.string({ description: `Only ${many} whose name contains this text, ignoring case.` }),
      ...(fields.includes('CREATED_AT')
        ? { createdAt: t.field({ type: DateTimeRange, description: `Only ${many} created in this range.` }) }
        : {}),
    }),
  });

  const OrderField = builder.enumType(`${name}OrderField`, {
    description: `What ${many} can be ordered by.`,
    values: Object.fromEntries(fields.map((field) => [field, { value: field, description: descriptions[field] }])),
  });

  const Order = builder.inputType(`${name}Order`, {
    description: `The order of ${many}. Those that compare equal are ordered by source and id, so the order is always the same.`,
    fields: (t) => ({
      field: t.field({ type: OrderField, required: true, defaultValue: usual, description: 'What to order by.' }),
      direction: t.field({
        type: OrderDirection,
        description:
          'The direction of the order. When it is not given, `CREATED_AT` is newest first and `NAME` is A to Z.',
      }),
    }),
  });

  return builder.args((t) => ({
    ...t.connectionArgs(),
    filter: t.field({ type: Filter, description: `Which ${many} to include; all when it is not given.` }),
    orderBy: t.field({
      type: Order,
      description: `The order of the ${many}; ${usual === 'NAME' ? 'by name' : 'newest first'} when it is not given.`,
    }),
  }));
}
