export type SqlValue = string | number | null;

/** A piece of SQL: values stand between its texts, and are never part of them. */
export interface Sql {
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];
}

export function sql(texts: TemplateStringsArray, ...inserts: readonly (SqlValue | Sql)[]): Sql {
  return inserts.reduce<Sql>(
    (before, insert, index) => {
      const after = texts[index + 1] ?? '';
      if (isSql(insert)) return append(append(before, insert), { texts: [after], values: [] });
      return { texts: [...before.texts, after], values: [...before.values, insert] };
    },
    { texts: [texts[0] ?? ''], values: [] },
  );
}

export function joined(parts: readonly Sql[], separator: ' and ' | ' or ' | ', '): Sql {
  const [first = sql``, ...others] = parts;
  return others.reduce((all, part) => append(append(all, { texts: [separator], values: [] }), part), first);
}

/** As it is sent, with `$1` and so on for the values. */
export function toText({ texts }: Sql): string {
  return texts.reduce((text, part, index) => `${text}$${index}${part}`);
}

/** PostgreSQL reads it as an array of the type that it expects there. */
export function toArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

function isSql(insert: SqlValue | Sql): insert is Sql {
  return typeof insert === 'object' && insert !== null;
}

function append(left: Sql, right: Sql): Sql {
  const [first = '', ...others] = right.texts;
  const last = left.texts.at(-1) ?? '';
  return {
    texts: [...left.texts.slice(0, -1), `${last}${first}`, ...others],
    values: [...left.values, ...right.values],
  };
}
