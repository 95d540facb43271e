import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The executor of graphql itself: Yoga's own makes an object or two more for each field, and stops for signals that nobody gives it. */
export function useExecutor(): Plugin {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute);
    },
  };
}
