import * as sent from '../sent.ts';
import { toInstant, wireTime } from './instant.ts';

export const message = sent.part('AgnoMessage', 'A message of a session.', {
  id: sent.text('The id of the message.'),
  role: sent.text('Who wrote the message: `user`, `assistant` or `tool`.'),
  name: sent.text('The name of the author. Null when the message has none.'),
  content: sent.json('The content: a string, or an array of parts.'),
  reasoning_content: sent.text('The reasoning of the model before its answer.'),
  created_at: sent.timeAs(wireTime, toInstant, 'When the message was written.'),
  from_history: sent.flag('Whether the message was copied from an earlier run.'),
  stop_after_tool_call: sent.flag('Whether the run stops after its tool calls.'),
  tool_calls: sent.json('The tool calls that the message asks for, as the platform sends them.'),
  tool_call_id: sent.text('The id of the tool call whose result the message holds.'),
  tool_name: sent.text('The name of the tool that was called.'),
  tool_args: sent.json('The arguments of the tool call.'),
  tool_call_error: sent.flag('Whether the tool call failed.'),
  images: sent.json('The images in the message, as the platform sends them.'),
  audio: sent.json('The audio recordings in the message, as the platform sends them.'),
  videos: sent.json('The videos in the message, as the platform sends them.'),
  files: sent.json('The files attached to the message, as the platform sends them.'),
  audio_output: sent.json('The audio that the model answered with, as the platform sends it.'),
  references: sent.json('The knowledge found for the message, as the platform sends it.'),
  metrics: sent.json('The metrics of the message, such as token counts and duration.'),
  provider_data: sent.json('Additional data from the provider of the model.'),
});
