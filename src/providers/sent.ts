import { z } from 'zod';
import { type Instant, instantFromSeconds, parseInstant } from '../domain/instant.ts';
import type { FieldShape, ObjectShape } from './shape.ts';
import * as shape from './shape.ts';
import * as wire from './wire.ts';

/**
 * What a platform sends, said once: under its name on the wire, how it is read and what it means. Of the columns of a row
 *   `wire.text` is read and not shown,
 *   `sent.text('...')` is read and shown as it was sent, and
 *   `below` keeps a place for a field that is worked out: `fieldsOf` is given it.
 */
export type Columns = Readonly<Record<string, z.ZodType | Column | typeof below>>;

export const below: { readonly place: 'below' } = { place: 'below' };

/** A field whose parent is what was sent. */
export interface Column<Wire extends z.ZodType = z.ZodType> extends FieldShape<z.output<Wire>> {
  readonly wire: Wire;
  /** In the graph; null for the name on the wire in camel case. */
  readonly name: string | null;
}

/** A type of nested objects: what the platform sends of it, and what that means. */
export interface Part<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly shape: ObjectShape<z.output<Schema>>;
}

type Wires<Row extends Columns> = {
  -readonly [Name in keyof Row as Row[Name] extends typeof below ? never : Name]: Row[Name] extends Column<infer Wire>
    ? Wire
    : Extract<Row[Name], z.ZodType>;
};

/** The names of what is shown. */
type Shown<Row extends Columns> = {
  [Name in keyof Row]: Row[Name] extends Column ? Name : never;
}[keyof Row];

type Fields<Parent> = Readonly<Record<string, FieldShape<Parent>>>;

/** How the answers of the platform are read. */
export function schemaOf<Row extends Columns>(columns: Row): z.ZodObject<Wires<Row>>;
export function schemaOf(columns: Columns): z.ZodObject {
  const wires = Object.entries(columns).flatMap(([name, column]): [string, z.ZodType][] =>
    'place' in column ? [] : [[name, isColumn(column) ? column.wire : column]],
  );
  return z.object(Object.fromEntries(wires));
}

/** The fields of the graph, in the order of the columns. What is `workedOut` takes the place of the column of its name. */
export function fieldsOf<Row extends Columns, Parent>(
  columns: Row,
  rowOf: (parent: Parent) => Readonly<Record<Shown<Row>, unknown>>,
  workedOut?: Fields<Parent>,
): Fields<Parent>;
export function fieldsOf<Parent>(
  columns: Columns,
  rowOf: (parent: Parent) => Readonly<Record<string, unknown>>,
  workedOut: Fields<Parent> = {},
): Fields<Parent> {
  const inPlace = Object.entries(columns).flatMap(([sentAs, column]): [string, FieldShape<Parent>][] => {
    const name = isColumn(column) ? (column.name ?? toCamelCase(sentAs)) : toCamelCase(sentAs);
    const field = workedOut[name];
    if (field !== undefined) return [[name, field]];
    if ('place' in column) throw new Error(`Nothing says how to work out "${name}".`);
    return isColumn(column) ? [[name, { ...column, read: (parent) => column.read(rowOf(parent)[sentAs]) }]] : [];
  });
  return { ...Object.fromEntries(inPlace), ...workedOut };
}

export function rowOf<Row>({ row }: { readonly row: Row }): Row {
  return row;
}

export function part<Row extends Columns>(
  name: string,
  description: string,
  columns: Row,
  workedOut?: Fields<z.output<z.ZodObject<Wires<Row>>>>,
): Part<z.ZodObject<Wires<Row>>>;
export function part(
  name: string,
  description: string,
  columns: Columns,
  workedOut?: Fields<Readonly<Record<string, unknown>>>,
): Part<z.ZodObject> {
  return { schema: schemaOf(columns), shape: { name, description, fields: fieldsOf(columns, asSent, workedOut) } };
}

/** For a field whose name on the wire says too little. */
export function named<Wire extends z.ZodType>(name: string, column: Column<Wire>): Column<Wire> {
  return { ...column, name };
}

function sent<Wire extends z.ZodType>(wire: Wire, field: FieldShape<z.output<Wire>>): Column<Wire> {
  return { ...field, wire, name: null };
}

export function text(description: string) {
  return sent(wire.text, shape.text(description, asSent));
}

/** The id of the row itself. */
export function id(description: string) {
  return sent(wire.id, shape.required(shape.text(description, asSent)));
}

/** The id of another thing, for which a key is made of it. */
export function reference(description: string) {
  return sent(wire.reference, shape.text(description, asSent));
}

export function int(description: string) {
  return sent(wire.number, shape.int(description, asSent));
}

export function float(description: string) {
  return sent(wire.number, shape.float(description, asSent));
}

export function flag(description: string) {
  return sent(wire.flag, shape.flag(description, asSent));
}

export function json(description: string) {
  return sent(wire.json, shape.json(description, asSent));
}

export function texts(description: string) {
  return sent(wire.texts, shape.texts(description, asSent));
}

export function object<Schema extends z.ZodType>({ schema, shape: type }: Part<Schema>, description: string) {
  return sent(wire.nullable(schema), shape.object(type, description, asSent));
}

export function objects<Schema extends z.ZodType>({ schema, shape: type }: Part<Schema>, description: string) {
  return sent(wire.list(schema), shape.objects(type, description, asSent));
}

/** A time in ISO 8601. */
export function time(description: string) {
  return timeAs(wire.text, parseInstant, description);
}

/** A time in seconds since 1970. */
export function unixTime(description: string) {
  return timeAs(wire.number, instantFromSeconds, description);
}

export function timeAs<Wire extends z.ZodType>(
  wire: Wire,
  toInstant: (time: z.output<Wire>) => Instant | null,
  description: string,
) {
  return sent(wire, shape.time(description, toInstant));
}

function asSent<Value>(value: Value): Value {
  return value;
}

function isColumn(column: Columns[string]): column is Column {
  return 'wire' in column;
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
