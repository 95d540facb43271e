export type SqlValue = string | number | null;

/** A piece of SQL: values stand between its texts, and are never part of them. */
export interface Sql {
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];
}

export function sql(texts: TemplateStringsArray, ...inserts: readonly (SqlValue | Sql)[]): Sql {
  const parts = inserts.flatMap((insert, index) => [insert, textOf(texts[index + 1])]);
  return concatenated([textOf(texts[0]), ...parts]);
}

export function joined(parts: readonly Sql[], separator: ' and ' | ' or ' | ', '): Sql {
  return concatenated(parts.flatMap((part, index) => (index === 0 ? [part] : [textOf(separator), part])));
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

function textOf(text = ''): Sql {
  return { texts: [text], values: [] };
}

/** One after the other, values standing by themselves. Looks at each once, however many there are. */
function concatenated(parts: readonly (SqlValue | Sql)[]): Sql {
  const texts = [''];
  const values: SqlValue[] = [];
  for (const part of parts) {
    const {
      texts: [first = '', ...others],
      values: own,
    } = isSql(part) ? part : { texts: ['', ''], values: [part] };
    texts.push(`${texts.pop()}${first}`, ...others);
    values.push(...own);
  }
  return { texts, values };
}
