import { askAt } from '../company/ask.ts';
import { startCompany } from '../company/company.ts';
import { serve } from '../company/serve.ts';
import { show } from '../company/show.ts';
import { compose, createFederatedGateway } from './gateway.ts';

const company = await startCompany(200);
const gateway = createFederatedGateway(
  compose([
    { name: 'sessions', url: company.sessions.url, sdl: company.sessions.sdl },
    { name: 'people-and-tickets', url: company.people.url, sdl: company.people.sdl },
  ]),
);
const served = await serve((request, response) => void gateway(request, response));
await show(company, served, askAt(served.url));
if (process.argv.includes('--once')) await gateway[Symbol.asyncDispose]();
