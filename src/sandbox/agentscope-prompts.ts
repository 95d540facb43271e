/** The constant texts that make every AgentScope agent several kB, as the real servers send them. */
export const compressionPrompt =
  '<system-hint>You have been working on the task described above but have not yet completed it. Now write a continuation summary that will allow you to resume work efficiently in a future context window where the conversation history will be replaced with this summary. Your summary should be structured, concise, and actionable.</system-hint>';

export const compressionPromptLater = compressionPrompt.replace(
  '</system-hint>',
  "\nThe current time is {current_time}.\nThis summary may itself be summarized again later, and the conversation history it refers to will be gone, so every reference must be self-contained — resolve anything that depends on the vanished context into an absolute, fully-qualified form:\n- Time: convert relative expressions ('today', 'now', 'yesterday', 'tomorrow', 'recently') to absolute dates using the current time above; re-anchor them even if an earlier summary already wrote them relatively.\n- Names & pointers: use file paths, symbol names, PR/issue numbers, IDs, URLs, and exact commands/error strings verbatim instead of 'this file', 'the above', 'the second approach', 'the 5 failing tests'.\n- In-flight work: record everything still pending, especially tools launched in the background whose results you are still waiting on — give each one's id and a short note of what it is doing — and mark each item's owner (user request vs your own decision) and status (done / pending / blocked).\n</system-hint>",
);

/** From 2.0.10. */
export const compressionPromptLatest = compressionPromptLater.replace(' but have not yet completed it', '');

export const summaryTemplate =
  '<system-info>Here is a summary of your previous work\n# Task Overview\n{task_overview}\n\n# Current State\n{current_state}\n\n# Important Discoveries\n{important_discoveries}\n\n# Next Steps\n{next_steps}\n\n# Context to Preserve\n{context_to_preserve}</system-info>';

const summaryFields = [
  {
    name: 'task_overview',
    title: 'Task Overview',
    maxLength: 300,
    description: "The user's core request and success criteria.\nAny clarifications or constraints they specified",
  },
  {
    name: 'current_state',
    title: 'Current State',
    maxLength: 300,
    description:
      'What has been completed so far.\nFile created, modified, or analyzed (with paths if relevant).\nKey outputs or artifacts produced.',
  },
  {
    name: 'important_discoveries',
    title: 'Important Discoveries',
    maxLength: 300,
    description:
      "Technical constraints or requirements uncovered.\nDecisions made and their rationale.\nErrors encountered and how they were resolved.\nWhat approaches were tried that didn't work (and why)",
  },
  {
    name: 'next_steps',
    title: 'Next Steps',
    maxLength: 200,
    description:
      'Specific actions needed to complete the task.\nAny blockers or open questions to resolve.\nPriority order if multiple steps remain',
  },
  {
    name: 'context_to_preserve',
    title: 'Context To Preserve',
    maxLength: 300,
    description:
      "User preferences or style requirements.\nDomain-specific details that aren't obvious.\nAny promises made to the user",
  },
] as const;

/** Only the earlier versions limit the lengths. */
export function summarySchema(limits: 'with-limits' | 'without-limits'): unknown {
  const properties = summaryFields.map(({ name, title, maxLength, description }) => [
    name,
    { description, ...(limits === 'with-limits' ? { maxLength } : {}), title, type: 'string' },
  ]);
  return {
    description: 'The compressed memory model, used to generate summary of old memories',
    properties: Object.fromEntries(properties),
    required: summaryFields.map(({ name }) => name),
    title: 'SummarySchema',
    type: 'object',
  };
}
