import * as sent from '../sent.ts';

export const capability = sent.part('EverrunsCapability', 'A capability of an agent or a session.', {
  ref: sent.text('The id of the capability, such as `web_fetch`.'),
  config: sent.json('The settings of the capability. Each capability has its own.'),
});
