import { z } from 'zod';
import * as wire from '../wire.ts';
import { wireTime } from './instant.ts';
import { mediaLists, medium } from './media.ts';
import { runMessage } from './run-message.ts';
import { toolExecutions } from './tool-execution.ts';

/**
 * A run of an agent, a team or a workflow. Runs inside another one are sent as they are stored, with `input` in place of
 * `run_input` and `input_media`.
 */
const columns = {
  run_id: wire.reference.catch(null),
  parent_run_id: wire.text,
  agent_id: wire.text,
  team_id: wire.text,
  workflow_id: wire.text,
  /** 2.3 sends it only for workflows. */
  status: wire.text,
  model: wire.text,
  run_input: wire.json,
  input: wire.json,
  input_media: z.object(mediaLists).nullable().catch(null).default(null),
  content: wire.json,
  reasoning_content: wire.text,
  metrics: wire.json,
  messages: wire.list(runMessage),
  tools: toolExecutions,
  ...mediaLists,
  response_audio: medium.nullable().catch(null).default(null),
  step_results: wire.list(z.unknown()),
  created_at: wireTime,
};

const run = z.object(columns).extend({
  get step_executor_runs() {
    return z.array(run).nullish();
  },
  get member_responses() {
    return z.array(run).nullish();
  },
});

export const runRows = z.array(run);

export type Run = z.infer<typeof run>;

export function runsInside({ step_executor_runs, member_responses }: Run): readonly Run[] {
  return [...(step_executor_runs ?? []), ...(member_responses ?? [])];
}

/** How many messages the platform sent, copies included. */
export function countMessages(runs: readonly Run[]): number {
  return runs.reduce((sum, each) => sum + Math.max(1, each.messages.length) + countMessages(runsInside(each)), 0);
}
