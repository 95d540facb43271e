import type { ObjectRef } from '@pothos/core';
import type { EntityRecord } from '../domain/records.ts';
import { agentVersionsField } from '../entities/agent-versions-field.ts';
import { alreadyComplete, type Completion, sessionCompletion, workflowCompletion } from '../entities/completion.ts';
import { entityField } from '../entities/entity-field.ts';
import { fieldValue } from '../entities/field-value.ts';
import { referencedEntity } from '../entities/reference.ts';
import type { EntityRecords } from '../loaders/loaders.ts';
import { registry } from '../providers/registry.ts';
import type { EntityName, FieldShape, FieldType, ObjectShape } from '../providers/shape.ts';
import { selectedFields } from '../selection/selected-fields.ts';
import { agentVersionFields } from './agent-version.ts';
import { builder, type ObjectFields, type Types } from './builder.ts';
import { idKey } from './id-key.ts';
import { Agent, Node, Session, Team, User, Workflow } from './refs.ts';
import { typeName } from './type-names.ts';

const entityTypes = new Map<string, ObjectRef<Types, EntityRecord>>();
const objectTypes = new Map<
  string,
  { readonly shape: ObjectShape<unknown>; readonly type: ObjectRef<Types, unknown> }
>();

// Node is named first wherever it is implemented: of two interfaces the later one gives the field `id`.
for (const { name: provider, types } of registry) {
  const session = entityType('session', provider, types.session);
  session.implement({
    description: types.session.description,
    interfaces: [Node, Session],
    fields: (t) => ownFields(t, types.session, provider, sessionCompletion),
  });

  const agent = entityType('agent', provider, types.agent);
  agent.implement({
    description: types.agent.description,
    interfaces: [Node, Agent],
    fields: (t) => ownFields(t, types.agent, provider, alreadyComplete()),
  });

  const { team, workflow, agentVersion } = types;
  if (team !== null) {
    entityType('team', provider, team).implement({
      description: team.description,
      interfaces: [Node, Team],
      fields: (t) => ownFields(t, team, provider, alreadyComplete()),
    });
  }
  if (workflow !== null) {
    entityType('workflow', provider, workflow).implement({
      description: workflow.description,
      interfaces: [Node, Workflow],
      fields: (t) => ownFields(t, workflow, provider, workflowCompletion),
    });
  }
  if (agentVersion !== null) {
    entityType('agentVersion', provider, agentVersion).implement({
      description: agentVersion.description,
      interfaces: [Node],
      fields: (t) => ({ ...agentVersionFields(t), ...ownFields(t, agentVersion, provider, alreadyComplete()) }),
    });
  }
}

function entityType<Name extends EntityName>(entity: Name, provider: string, shape: ObjectShape<EntityRecords[Name]>) {
  const type = builder.objectRef<EntityRecords[Name]>(shape.name);
  entityTypes.set(shape.name, type);
  declareObjects(shape, provider);
  builder.asEntity(type, {
    key: idKey,
    resolveReference: (reference, context) => referencedEntity(entity, provider, reference, context),
  });
  return type;
}

/** The types of nested objects, once each, however often and however deep a shape is used. */
function declareObjects(parent: ObjectShape<unknown>, provider: string): void {
  for (const { type } of Object.values(parent.fields)) {
    if (type.kind !== 'object') continue;
    const { shape } = type;
    const known = objectTypes.get(shape.name);
    if (known !== undefined && known.shape !== shape) throw new Error(`Two shapes are named ${shape.name}.`);
    if (known !== undefined) continue;
    const declared = builder.objectRef<unknown>(shape.name);
    objectTypes.set(shape.name, { shape, type: declared });
    declared.implement({
      description: shape.description,
      fields: (t) => ownFields(t, shape, provider, alreadyComplete()),
    });
    declareObjects(shape, provider);
  }
}

function ownFields<Parent>(
  t: ObjectFields<Parent>,
  shape: ObjectShape<Parent>,
  provider: string,
  completion: Completion<Parent>,
) {
  return Object.fromEntries(
    Object.entries(shape.fields).map(([name, field]) => [name, ownField(t, { name, field }, provider, completion)]),
  );
}

function ownField<Parent>(
  t: ObjectFields<Parent>,
  { name: fieldName, field }: { readonly name: string; readonly field: FieldShape<Parent> },
  provider: string,
  completion: Completion<Parent>,
) {
  const { description, list, required, type } = field;
  if (type.kind === 'entity') {
    if (list) throw new Error(`Shapes refer to one record at a time: "${description}".`);
    const name = typeName(type.entity, provider);
    const target = declared(entityTypes, name);
    return t.field({
      type: target,
      nullable: true,
      description,
      resolve: (parent, _args, context, info) =>
        entityField(
          parent,
          {
            field,
            complete: completion.complete,
            entity: type.entity,
            provider,
            selected: () => selectedFields(info, name),
          },
          context,
        ),
    });
  }
  if (type.kind === 'agentVersions') {
    return t.field({
      type: [declared(entityTypes, typeName('agentVersion', provider))],
      nullable: true,
      description,
      resolve: (parent, _args, context) =>
        agentVersionsField(parent, { field, complete: completion.complete }, context),
    });
  }
  const target = valueType(type);
  return t.field({
    type: list ? [target] : target,
    nullable: list ? { list: !required, items: false } : !required,
    description,
    // A shape knows the types of its values, but in the registry they are forgotten: what it reads is what its type says.
    resolve: (parent, _args, context) => fieldValue(parent, { name: fieldName, field }, completion, context) as never,
  });
}

function valueType(type: Extract<FieldType, { readonly kind: 'scalar' | 'object' | 'user' }>) {
  switch (type.kind) {
    case 'scalar':
      return type.name;
    case 'object':
      return declared(objectTypes, type.shape.name).type;
    case 'user':
      return User;
  }
}

function declared<Type>(types: ReadonlyMap<string, Type>, name: string): Type {
  const type = types.get(name);
  if (type === undefined) throw new Error(`No provider has declared the type ${name}.`);
  return type;
}
