import type { EntityRecord } from '../domain/records.ts';
import type { ObjectFields } from './builder.ts';
import { entityFields } from './entity-fields.ts';

/** The fields of every version of an agent. Only one platform has versions, so there is no interface yet. */
export function agentVersionFields(t: ObjectFields<EntityRecord>) {
  return entityFields(t, 'agentVersion', { noun: 'agent', nativeId: 'Its version number or name on the platform.' });
}
