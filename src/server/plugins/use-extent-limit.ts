import type { Plugin } from 'graphql-yoga';
import { createExtentRule, type ExtentLimits } from '../extent-rule.ts';

export function useExtentLimit(limits: ExtentLimits): Plugin {
  const extentRule = createExtentRule(limits);
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(extentRule);
    },
  };
}
