import { IANAZone } from 'luxon';
import { UnusableInput } from 'kernel/command-line.ts';
import { checkSchema, readJsonFile } from '../../shared/json-file.ts';
import { COLUMN, type FieldSource, type Mapping } from './types.ts';

const SCHEMA = new URL('../../../config/mapping.schema.json', import.meta.url);

/** A template that names no column, or not as it means to, would leave its field empty in every row. */
const checkTemplates = (path: string, fields: Mapping['fields']): void => {
  for (const [field, { template }] of Object.entries(fields)) {
    if (template === undefined) continue;
    const wrong = `mapping ${path}: the template of ${field}, ${JSON.stringify(template)},`;
    if (/[{}]/.test(template.replace(COLUMN, '')))
      throw new UnusableInput(`${wrong} has a brace that belongs to no {Column}; correct it`);
    if (!new RegExp(COLUMN).test(template))
      throw new UnusableInput(`${wrong} names no {Column}; name one, or say "constant" instead of "template"`);
  }
};

const checkZone = (path: string, zone: string | undefined): void => {
  if (zone === undefined || IANAZone.isValidZone(zone)) return;
  throw new UnusableInput(
    `mapping ${path}: timeZone ${zone} is not known; use a name of the time zone database, for example America/New_York`,
  );
};

/** Reads and validates a mapping file. Throws UnusableInput that names each wrong place. */
export const readMapping = async (path: string): Promise<Mapping> => {
  const value = await readJsonFile('mapping', path, 'check the path after --map');
  await checkSchema(`mapping ${path}`, value, SCHEMA);
  checkZone(path, (value as Mapping).timeZone);
  const { fields, ...rest } = value as Omit<Mapping, 'fields'> & { fields: Record<string, FieldSource | string> };
  const sources = Object.fromEntries(
    Object.entries(fields).map(([field, source]) => [field, typeof source === 'string' ? { column: source } : source]),
  );
  checkTemplates(path, sources);
  return { ...rest, fields: sources };
};

/** The columns a mapping reads, with the field that reads each. */
export const columnsOf = (mapping: Mapping): Map<string, string> => {
  const columns = new Map<string, string>();
  for (const [field, source] of Object.entries(mapping.fields)) {
    if (source.column !== undefined) columns.set(source.column, field);
    for (const match of source.template?.matchAll(COLUMN) ?? []) columns.set(match[1]!, field);
  }
  if (mapping.rowName) columns.set(mapping.rowName, 'rowName');
  return columns;
};
