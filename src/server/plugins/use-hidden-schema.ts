import { GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The schema is not told: neither by introspection nor to gateways. */
export function useHiddenSchema(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      addValidationRule(noServiceDefinition);
    },
  };
}

const noServiceDefinition: ValidationRule = (context) => ({
  Field(node) {
    if (context.getFieldDef()?.name !== '_service') return;
    context.reportError(new GraphQLError('The schema of this subgraph is not public.', { nodes: node }));
  },
});
