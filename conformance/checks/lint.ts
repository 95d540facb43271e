import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { ESLint, type Linter } from 'eslint';
import { type Check, must, mustEqual } from '../check.ts';

const schemaFile = fileURLToPath(new URL('../../schema.graphql', import.meta.url));
const linterScript = fileURLToPath(new URL('../node_modules/graphql-schema-linter/lib/cli.js', import.meta.url));

/** A subgraph leaves these to the gateway, but linters know only what is declared. */
const declarations = `
directive @link(url: String!, import: [String!]) on SCHEMA
directive @key(fields: String!) on OBJECT | INTERFACE
directive @shareable on OBJECT
directive @cost(weight: Int!) on OBJECT | FIELD_DEFINITION
directive @listSize(
  assumedSize: Int
  slicingArguments: [String!]
  sizedFields: [String!]
  requireOneSlicingArgument: Boolean
) on FIELD_DEFINITION
`;

const relayRules: Linter.RulesRecord = {
  ...graphqlPlugin.configs['flat/schema-relay'].rules,
  // Everything the rule knows but one thing: that there be no list at all, of tags or of nodes, outside of connections.
  '@graphql-eslint/relay-edge-types': [
    'error',
    { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
  ],
};

const linterRules = [
  'relay-connection-types-spec',
  'relay-connection-arguments-spec',
  'relay-page-info-spec',
  'types-have-descriptions',
  'fields-have-descriptions',
  'arguments-have-descriptions',
  'enum-values-have-descriptions',
  'input-object-values-have-descriptions',
  'deprecations-have-a-reason',
];

export function lintChecks(): readonly Check[] {
  const schema = readFileSync(schemaFile, 'utf8');
  const broken = schema
    .replaceAll('cursor: String!', 'place: String!')
    .replaceAll('edges: [AgentEdge!]!', 'edges: AgentEdge!')
    .replaceAll('hasNextPage: Boolean!', 'hasNextPage: Boolean')
    .replaceAll(/^ {4}after: String$/gm, '    after: [Int!]')
    .replace('"""One agent of a page, with its cursor."""\n', '');
  return [
    {
      name: 'The rules of Relay (`flat/schema-relay`; lists outside of connections are allowed)',
      tools: ['@graphql-eslint/eslint-plugin'],
      async run() {
        mustEqual(await lintWithEslint(schema), [], 'the list of remarks');
        mustNotice(await lintWithEslint(broken), 3);
        return `${Object.keys(relayRules).length} rules, no remarks`;
      },
    },
    {
      name: 'The rules of Relay, and a description for everything',
      tools: ['graphql-schema-linter'],
      async run() {
        mustEqual(lintWithLinter(schema), [], 'the list of remarks');
        mustNotice(lintWithLinter(broken), 3);
        return `${linterRules.length} rules, no remarks`;
      },
    },
  ];
}

/** Remarks begin with the name of their rule. */
function mustNotice(remarks: readonly string[], rules: number): void {
  const noticed = new Set(remarks.map((remark) => remark.split(' ')[0]));
  must(noticed.size >= rules, `Of what was broken on purpose only ${[...noticed].join(', ')} noticed anything.`);
}

async function lintWithEslint(schema: string): Promise<readonly string[]> {
  const eslint = new ESLint({
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.graphql'],
      // Its own types of a rule are older than those of ESLint 10; it is the same at run time.
      plugins: { '@graphql-eslint': graphqlPlugin as unknown as ESLint.Plugin },
      languageOptions: {
        parser: graphqlPlugin.parser,
        parserOptions: { graphQLConfig: { schema: `${declarations}${schema}` } },
      },
      rules: relayRules,
    },
  });
  const results = await eslint.lintText(schema, { filePath: schemaFile });
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, message }) => `${ruleId ?? 'parser'} line ${line}: ${message}`),
  );
}

function lintWithLinter(schema: string): readonly string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [linterScript, '--stdin', '--format', 'json', '--rules', linterRules.join(',')],
    { input: `${declarations}${schema}`, encoding: 'utf8' },
  );
  must(stdout !== '', `The linter did not answer: ${stderr}`);
  const { errors } = JSON.parse(stdout) as {
    readonly errors: readonly { readonly rule: string; readonly message: string }[];
  };
  return errors.map(({ rule, message }) => `${rule} ${message}`);
}
