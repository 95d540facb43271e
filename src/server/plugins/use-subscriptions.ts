import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { toEventStream } from '../event-stream.ts';
import type { Subscribe } from '../subscriptions.ts';

const eventStream = 'text/event-stream';
// The second is for nginx, which else keeps events back until it has a buffer full of them.
const headers = { 'content-type': `${eventStream}; charset=utf-8`, 'x-accel-buffering': 'no' };

/** Answers subscriptions, and only as server-sent events. */
export function useSubscriptions(subscribe: Subscribe): Plugin {
  return {
    onSubscribe({ context: { request }, setSubscribeFn, setResultAndStopExecution }) {
      if (takesEvents(request)) setSubscribeFn((args: ExecutionArgs) => subscribe(args, request));
      else setResultAndStopExecution({ errors: [notAcceptable()] });
    },
    onResultProcess({ result, setResultProcessor }) {
      if (Array.isArray(result) || !(Symbol.asyncIterator in result)) return;
      const response = new Response(toEventStream(result[Symbol.asyncIterator]()), { headers });
      setResultProcessor(() => response, eventStream);
    },
  };
}

function takesEvents(request: Request): boolean {
  return /text\/event-stream|text\/\*|\*\/\*/i.test(request.headers.get('accept') ?? '*/*');
}

function notAcceptable(): GraphQLError {
  const extensions = { code: 'NOT_ACCEPTABLE', http: { status: 406 } };
  return new GraphQLError(`A subscription is answered by events: send the header "accept: ${eventStream}".`, {
    extensions,
  });
}
