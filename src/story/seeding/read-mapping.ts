import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { IANAZone } from 'luxon';
import { UnusableInput } from 'kernel/command-line.ts';
import type { FieldSource, Mapping } from './types.ts';

const SCHEMA = new URL('../../../config/mapping.schema.json', import.meta.url);

const readJson = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UnusableInput(`mapping ${path} cannot be read (${error.code}); check the path after --map`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableInput(`mapping ${path} is not JSON: ${(error as Error).message}`);
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
  const value = await readJson(path);
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false }).compile(
    JSON.parse(await readFile(SCHEMA, 'utf8')) as object,
  );
  if (!validate(value)) {
    const problems = new Set(
      validate
        .errors!.filter((error) => error.keyword !== 'oneOf')
        .map((error) => {
          const extra = (error.params as { additionalProperty?: string }).additionalProperty;
          return `  at ${error.instancePath || '/'}: ${error.message}${extra ? ` (${extra})` : ''}`;
        }),
    );
    throw new UnusableInput(`mapping ${path} does not fit config/mapping.schema.json:\n${[...problems].join('\n')}`);
  }
  checkZone(path, (value as Mapping).timeZone);
  const { fields, ...rest } = value as Omit<Mapping, 'fields'> & { fields: Record<string, FieldSource | string> };
  return {
    ...rest,
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, source]) => [
        field,
        typeof source === 'string' ? { column: source } : source,
      ]),
    ),
  };
};

/** The columns a mapping reads, with the field that reads each. */
export const columnsOf = (mapping: Mapping): Map<string, string> => {
  const columns = new Map<string, string>();
  for (const [field, source] of Object.entries(mapping.fields)) {
    if (source.column !== undefined) columns.set(source.column, field);
    for (const match of source.template?.matchAll(/\{([^{}]+)\}/g) ?? []) columns.set(match[1]!, field);
  }
  if (mapping.rowName) columns.set(mapping.rowName, 'rowName');
  return columns;
};
