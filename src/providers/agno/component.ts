import * as sent from '../sent.ts';

/** What agents, teams and workflows have in common. */
export const component = {
  factory_input_schema: sent.json('The JSON Schema of the input of its factory. Null when no factory builds it.'),
  is_factory: sent.flag('Whether a factory builds it for each run. Null before version 2.6.'),
  is_component: sent.flag('Whether it is stored in the database rather than written in code. Null before version 2.5.'),
  current_version: sent.int('The version in use, when it is stored in the database.'),
  stage: sent.text('The stage of that version, such as `draft` or `published`.'),
  sandboxed: sent.flag('Whether it runs in a sandbox. Null before version 3.1.'),
};
