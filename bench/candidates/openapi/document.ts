import type { OpenAPILoaderOptions } from '@omnigraph/openapi';

/** An OpenAPI document, as much of it as a platform's API needs for the lists. */
export type Document = Exclude<OpenAPILoaderOptions['source'], string>;

interface Operation {
  readonly operationId: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly answer: Schema;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'integer';
}

export type Schema = Readonly<Record<string, unknown>>;

export function toDocument(title: string, operations: readonly Operation[]): Document {
  const paths = operations.map(({ operationId, path, parameters, answer }) => [
    path,
    {
      get: {
        operationId,
        parameters: parameters.map(({ type, ...rest }) => ({
          ...rest,
          required: rest.in === 'path',
          schema: { type },
        })),
        responses: { 200: { description: 'OK', content: { 'application/json': { schema: answer } } } },
      },
    },
  ]);
  return { openapi: '3.0.3', info: { title, version: '1' }, paths: Object.fromEntries(paths) } as Document;
}

export function query(name: string, type: 'string' | 'integer' = 'string'): Parameter {
  return { name, in: 'query', type };
}

export function inPath(name: string): Parameter {
  return { name, in: 'path', type: 'string' };
}

export const text: Schema = { type: 'string', nullable: true };
export const number: Schema = { type: 'integer' };
export const flag: Schema = { type: 'boolean' };

/** Types of all platforms meet in one graph, so each needs a name of its own. */
export function object(title: string, properties: Readonly<Record<string, Schema>>): Schema {
  return { title, type: 'object', properties };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}
