import type { OperationContext } from '../context.ts';
import type { FieldShape } from '../providers/shape.ts';
import type { Completion } from './completion.ts';
import { copiedValue, isCopied, isSessionCopy } from './session-copy.ts';

/** The value of a field of a provider's type, read from the row at hand where the row has it. */
export function fieldValue<Parent>(
  parent: Parent,
  { name, field }: { readonly name: string; readonly field: FieldShape<Parent> },
  completion: Completion<Parent>,
  context: OperationContext,
): unknown {
  if (isSessionCopy(parent)) {
    if (isCopied(parent, name)) return copiedValue(parent, name);
    if (field.needs === 'row') return completion.complete(parent, context).then((whole) => field.read(whole));
  }
  switch (field.needs) {
    case 'row':
      return field.read(parent);
    case 'complete':
      return completion.complete(parent, context).then((whole) => field.read(whole));
    case 'detail':
      return completion.detail(parent, context).then((whole) => field.read(whole));
  }
}
