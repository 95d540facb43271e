import { GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Nobody can read the schema: neither by introspection nor as a gateway does. */
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
