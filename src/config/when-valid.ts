import type { z } from 'zod';

/** For `refine`: the rule is looked at when the settings that it is about are valid, whatever else is wrong beside them. */
export function whenValid(...names: readonly string[]) {
  return {
    when: ({ issues }: z.core.ParsePayload) =>
      issues.every(({ code, path = [] }) => {
        const [name] = path;
        return code === 'unrecognized_keys' || (name !== undefined && !names.includes(String(name)));
      }),
  };
}
