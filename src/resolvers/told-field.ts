import type { OperationContext } from '../context.ts';
import type { FieldShape } from '../providers/shape.ts';

type Teller<Parent> = (parent: Parent, context: OperationContext) => Promise<Parent>;

/** Where a record is told more fully than by the row at hand. */
export interface Tellers<Parent> {
  readonly complete: Teller<Parent>;
  readonly detail: Teller<Parent>;
}

/** For records that are always told whole. */
export function itself<Parent>(): Tellers<Parent> {
  const teller: Teller<Parent> = async (parent) => parent;
  return { complete: teller, detail: teller };
}

/** The value of a field of a provider's type, after reading what the row does not tell. */
export function toldField<Parent>(
  parent: Parent,
  field: FieldShape<Parent>,
  tellers: Tellers<Parent>,
  context: OperationContext,
): unknown {
  switch (field.needs) {
    case 'row':
      return field.read(parent);
    case 'complete':
      return tellers.complete(parent, context).then((whole) => field.read(whole));
    case 'detail':
      return tellers.detail(parent, context).then((whole) => field.read(whole));
  }
}
