import { z } from 'zod';
import type { EntityRef, TeamMemberRecord, WorkflowRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import * as sent from '../sent.ts';
import { detail, entity, json, type ObjectShape, objects, text } from '../shape.ts';
import * as wire from '../wire.ts';
import { toAgent } from './agent.ts';
import { component } from './component.ts';
import { type MemberRow, memberIdOf, memberRow } from './member.ts';
import { toTeam } from './team.ts';

const eachAlone = 'In a list, this costs one request per workflow.';

const workflow = {
  id: wire.id,
  name: wire.text,
  description: wire.text,
  db_id: sent.text('The id of its database.'),
  input_schema: detail(sent.json(`The JSON Schema of its input. ${eachAlone}`)),
  steps: wire.list(z.unknown()),
  metadata: detail(sent.json(`Free-form data about the workflow. ${eachAlone}`)),
  workflow_agent: detail(sent.flag(`Whether an agent decides when the workflow runs. ${eachAlone}`)),
  ...component,
};

export const workflowRow = sent.schemaOf(workflow);

/** A step may be anything. One that is not understood reads as empty, and its `definition` shows it. */
const stepRow = z
  .object({
    name: wire.text,
    type: wire.text,
    agent: wire.nullable(memberRow),
    team: wire.nullable(memberRow),
    steps: wire.list(z.unknown()),
    else_steps: wire.list(z.unknown()),
  })
  .catch({ name: null, type: null, agent: null, team: null, steps: [], else_steps: [] });

export type WorkflowRow = z.infer<typeof workflowRow>;
export type AgnoWorkflowRecord = WorkflowRecord<WorkflowRow>;

export function toWorkflow(row: WorkflowRow, sourceId: string): AgnoWorkflowRecord {
  return {
    sourceId,
    provider: 'agno',
    key: encodeKey(row.id),
    nativeId: row.id,
    name: row.name,
    description: row.description,
    row,
  };
}

/** The agents and teams embedded in steps, at any depth: the platform may list them nowhere else. */
export function membersOf(steps: readonly unknown[], sourceId: string): readonly TeamMemberRecord[] {
  return steps.flatMap((sent) => {
    const row = stepRow.parse(sent);
    const agent = row.agent === null ? null : toAgent(row.agent, sourceId);
    const team = row.team === null ? null : toTeam(row.team, sourceId);
    return [{ agent, team, session: null }, ...membersOf([...row.steps, ...row.else_steps], sourceId)];
  });
}

interface Step {
  readonly sourceId: string;
  readonly definition: unknown;
  readonly row: z.infer<typeof stepRow>;
}

function toRef(row: MemberRow | null, sourceId: string): EntityRef | null {
  const memberId = row === null ? null : memberIdOf(row);
  return memberId === null ? null : { sourceId, key: encodeKey(memberId) };
}

const stepShape: ObjectShape<Step> = {
  name: 'AgnoWorkflowStep',
  description: 'A step of a workflow.',
  fields: {
    name: text('The name of the step.', ({ row }) => row.name),
    type: text('The type of the step, such as `Step`, `Parallel`, `Loop` or `Condition`.', ({ row }) => row.type),
    agent: entity('agent', 'The agent that carries out the step, if any.', ({ row, sourceId }) => {
      return toRef(row.agent, sourceId);
    }),
    team: entity('team', 'The team that carries out the step, if any.', ({ row, sourceId }) => {
      return toRef(row.team, sourceId);
    }),
    steps: json('The steps inside the step, as the platform sends them.', ({ row }) => row.steps),
    elseSteps: json(
      'The steps to take when the condition of the step is not met, as the platform sends them.',
      ({ row }) => row.else_steps,
    ),
    definition: json('The whole step, as the platform sends it.', ({ definition }) => definition),
  },
};

export const workflowShape: ObjectShape<AgnoWorkflowRecord> = {
  name: 'AgnoWorkflow',
  description: 'A workflow of an Agno AgentOS: a series of steps for agents and teams.',
  fields: sent.fieldsOf(workflow, sent.rowOf, {
    steps: detail(
      objects(stepShape, `The steps, in order. ${eachAlone}`, ({ row, sourceId }) =>
        row.steps.map((definition) => ({ sourceId, definition, row: stepRow.parse(definition) })),
      ),
    ),
  }),
};
