import { referenceDocuments } from './reference-properties.ts';

/** The tables of docs/properties.md: where each documented property is, as its test expects it. */
export function propertyTable(): string {
  return referenceDocuments
    .map(({ title, sessionType, properties }) => {
      const rows = Object.entries(properties).map(
        ([property, place]) => `| \`${property}\` | ${typeof place === 'string' ? `\`${place}\`` : place.instead} |`,
      );
      return [`**${title}**, as \`${sessionType}\``, '', '| property | in the graph |', '| --- | --- |', ...rows].join(
        '\n',
      );
    })
    .join('\n\n');
}
