/** The footprint of the product as tables of a document. */
import { judgedFilter } from '../queries/judge.ts';
import type { PlacedQuery } from '../queries/check.ts';
import type { Footprint } from './metadata.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

/** As Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const code = (text: string): string => `\`${text}\``;

/** Fields that an object of the host gets. */
const fieldsOf = ({ fields }: Footprint, host: string): string =>
  table(
    [`field of ${host}`, 'type', 'index', 'for'],
    fields
      .filter(({ object }) => object === host)
      .map(({ name, type, indexed, description }) => [code(name), type, indexed ? 'yes' : '', description]),
  );

const ownObjects = ({ fields, objects }: Footprint): string =>
  table(
    ['object', 'for', 'fields (those with an index in bold)'],
    objects.map(({ name, description }) => [
      code(name),
      description,
      fields
        .filter(({ object }) => object === name)
        .map((field) => (field.indexed ? `**${field.name}**` : field.name))
        .join(', '),
    ]),
  );

const entries = ({ triggers, resources }: Footprint): string =>
  table(
    ['entry', 'what runs'],
    [
      ...triggers.map(({ name, object, events }) => [`trigger on ${object}`, `${code(name)}: ${events}`]),
      ...resources.map(({ path, className, description }) => [
        code(`/services/apexrest${path}`),
        `${code(className)}: ${description}`,
      ]),
    ],
  );

const rights = ({ permissions, permissionSets }: Footprint): string =>
  table(
    ['right', 'for'],
    [
      ...permissionSets.map(({ name, description }) => [`permission set ${code(name)}`, description]),
      ...permissions.map(({ name, description }) => [`custom permission ${code(name)}`, description]),
    ],
  );

const placeOf = (path: string): string => path.replace(/^.*\/(\w+)\.(?:cls|trigger)$/, '$1');

const queries = (placed: readonly PlacedQuery[], objects: readonly string[]): string => {
  const rows = placed.flatMap(({ path, soql }) => {
    const filter = judgedFilter(soql);
    return filter && objects.includes(filter.object)
      ? [{ object: filter.object, place: placeOf(path), leads: filter.leads.replaceAll(/\s+/g, ' ') }]
      : [];
  });
  const texts = new Map(rows.map((row) => [`${row.object} ${row.place} ${row.leads}`, row]));
  return table(
    ['object', 'where', 'leads with'],
    [...texts.values()]
      .toSorted((a, b) => a.object.localeCompare(b.object) || a.place.localeCompare(b.place))
      .map(({ object, place, leads }) => [object, code(place), code(leads)]),
  );
};

/** Every table, by the name of its place in the document. */
export const footprintTables = (
  footprint: Footprint,
  placed: readonly PlacedQuery[],
  large: readonly string[],
): Record<string, string> => ({
  fields: fieldsOf(footprint, 'Case'),
  contract: fieldsOf(footprint, 'Contract'),
  objects: ownObjects(footprint),
  entries: entries(footprint),
  rights: rights(footprint),
  queries: queries(placed, large),
});

/** The document with its tables brought up to date. Throws when it has no place for one of them. */
export const withTables = (document: string, tables: Readonly<Record<string, string>>): string =>
  Object.entries(tables).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- ${name}: made by \`node scripts/generate-footprint-doc.ts\` -->`, `<!-- /${name} -->`];
    const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
    if (start < 0 || stop < start)
      throw new Error(`the document has no place for the table ${name}: put "${begin}" and "${end}" there`);
    return `${text.slice(0, start)}${begin}\n${content}\n${text.slice(stop)}`;
  }, document);
