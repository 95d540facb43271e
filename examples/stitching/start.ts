import { askAt } from '../company/ask.ts';
import { startCompany } from '../company/company.ts';
import { serve } from '../company/serve.ts';
import { show } from '../company/show.ts';
import { createStitchedGateway } from './gateway.ts';

const company = await startCompany(200);
const gateway = await createStitchedGateway(company.sessions.url, company.people.url);
const served = await serve((request, response) => void gateway(request, response));
await show(company, served, askAt(served.url));
