import type { Plugin } from 'graphql-yoga';
import { codesOf } from '../error-codes.ts';
import type { WriteOperation } from '../operation-log.ts';

/** A subscription is written when it ends: see subscriptions.ts. */
export function useOperationLog(write: WriteOperation): Plugin {
  return {
    onResultProcess({ request, result }) {
      if (!(Symbol.asyncIterator in result)) write(request, { errorCodes: codesOf(result) });
    },
  };
}
