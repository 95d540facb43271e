import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorResponse, internalError, toErrorBody } from './error-response.ts';
import { checkHost } from './host-check.ts';
import type { Log } from './log.ts';
import type { StreamSender } from './node-stream.ts';

export interface NodeListenerSettings {
  /** Answers a request as Node received it. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<Response>;
  /** Whether requests must name a loopback host. */
  readonly onlyLoopback: boolean;
  readonly log: Log;
  readonly streams: StreamSender;
}

/**
 * Between Node and Yoga. Yoga's own listener answers what fails outside its pipeline by the stack of the error, and takes any
 * Host header: a web page could then reach a server on this machine under a name of its own.
 */
export function createNodeListener({ answer, onlyLoopback, log, streams }: NodeListenerSettings) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const error = checkHost(request, onlyLoopback);
    if (error !== null) return sendError(error, response);
    try {
      await send(await answer(request, response), response, streams);
    } catch (error) {
      if (!response.destroyed) log.failure(null, error);
      if (response.headersSent) response.destroy();
      else sendError(internalError, response);
    }
  };
}

function sendError(error: ErrorResponse, response: ServerResponse): void {
  if (response.destroyed) return;
  const headers = { 'content-type': 'application/json; charset=utf-8', ...error.headers };
  response.writeHead(error.status, headers).end(toErrorBody(error));
}

async function send(answer: Response, response: ServerResponse, streams: StreamSender): Promise<void> {
  if (answer.body !== null && isStream(answer)) {
    writeHead(answer, response);
    return streams.send(answer.body, response);
  }
  // Text costs less than bytes, and all but an encoded page is text.
  const isEncoded = answer.headers.has('content-encoding');
  const body = isEncoded ? new Uint8Array(await answer.arrayBuffer()) : await answer.text();
  if (response.destroyed) return;
  writeHead(answer, response);
  response.end(body);
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

function writeHead({ status, statusText, headers }: Response, response: ServerResponse): void {
  response.statusCode = status;
  // Node has words only for those statuses that it knows.
  response.statusMessage = statusText;
  headers.forEach((value, name) => {
    response.setHeader(name, value);
  });
}
