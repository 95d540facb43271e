import type { PlatformRequest } from '../../src/sandbox/exchange.ts';
import { listen, type Respond } from '../../src/sandbox/listen.ts';
import type { ModelOptions } from '../../src/sandbox/platform.ts';
import * as sandbox from '../../src/sandbox/platforms.ts';
import { sendReply } from '../../src/sandbox/send-reply.ts';
import { controlAgentScope } from './agentscope.ts';
import { controlAgno } from './agno.ts';
import type { ControlledPlatform, Quirks, StoreControls } from './controls.ts';
import { controlEverruns } from './everruns.ts';
import { type Fault, type RecordedRequest, sendFault } from './faults.ts';
import { controlFoundry } from './foundry.ts';

export interface PlatformOptions extends sandbox.PlatformOptions {
  readonly quirks?: Quirks;
}

/** A platform of the sandbox that tests may watch, change and make fail. */
export interface RunningPlatform extends sandbox.RunningPlatform, StoreControls, AsyncDisposable {
  /** In order of arrival; only the latest 20,000 are kept, so that a long run does not grow. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** Returns the function that lifts this fault. Several may be active; the first that matches wins. */
  fail(fault: Fault): () => void;
  heal(): void;
}

type Control = (options: ModelOptions, quirks: Quirks) => ControlledPlatform;

const controlOf: Readonly<Record<sandbox.PlatformName, Control>> = {
  foundry: controlFoundry,
  everruns: controlEverruns,
  agentscope: controlAgentScope,
  agno: controlAgno,
};

const isPlatformName = (name: string): name is sandbox.PlatformName => name in controlOf;

export const platformNames: readonly sandbox.PlatformName[] = Object.keys(controlOf).filter(isPlatformName);

const requestsKept = 20_000;

interface ActiveFault {
  readonly fault: Fault;
  left: number;
}

export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const { platform: name, port = 0, tls, quirks = {} } = options;
  const model = sandbox.toModelOptions(options);
  const platform = controlOf[name](model, quirks);
  const requests: RecordedRequest[] = [];
  let faults: readonly ActiveFault[] = [];

  const takeFault = (request: RecordedRequest): Fault | null => {
    const active = faults.find(({ fault, left }) => left > 0 && (fault.match?.(request) ?? true));
    if (active === undefined) return null;
    active.left -= 1;
    return active.fault;
  };
  const respond: Respond = async ({ request, response, clientGone, answer }) => {
    const recorded = toRecorded(request);
    if (requests.length >= requestsKept) requests.splice(0, requestsKept / 2);
    requests.push(recorded);
    const fault = takeFault(recorded);
    if (fault === null) return sendReply(response, answer(), clientGone);
    return sendFault(fault, { response, answer, errorReply: platform.errorReply, clientGone });
  };

  const { url, close } = await listen(platform, { port, respond, ...(tls === undefined ? {} : { tls }) });
  return {
    platform: name,
    dialect: model.dialect,
    url,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    fail: (fault) => {
      const active: ActiveFault = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      faults = [...faults, active];
      return () => {
        faults = faults.filter((other) => other !== active);
      };
    },
    heal: () => {
      faults = [];
    },
    close,
    [Symbol.asyncDispose]: close,
    ...platform.controls,
  };
}

function toRecorded({ method, url, headers }: PlatformRequest): RecordedRequest {
  return { method, url, headers };
}
