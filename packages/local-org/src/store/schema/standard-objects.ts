import { readFileSync } from 'node:fs';
import type { FieldSchema, FieldType, ObjectSchema, PicklistValue } from '../types.ts';
import { field, fieldMap } from './field.ts';
import { DERIVED_FORMULAS, FIRST_NUMBERS, STATUS_VALUES, TOOLING_ONLY, WITHOUT_ROWS } from './standard-behaviour.ts';

/** The shape of generated/standard-objects.json, as catalogues/ writes it. */
interface CatalogueField extends Partial<FieldSchema> {
  name: string;
  label: string;
  type: FieldType;
  compound?: boolean;
}

export interface CatalogueObject {
  name: string;
  label: string;
  labelPlural: string;
  keyPrefix: string | null;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
  undeletable: boolean;
  triggerable: boolean;
  mergeable: boolean;
  queryable: boolean;
  fields: Record<string, CatalogueField>;
}

const CATALOGUE = new URL('../generated/standard-objects.json', import.meta.url);

/** The standard objects of the catalogue, as Salesforce describes them before any customisation. */
export function standardObjects(): ObjectSchema[] {
  const catalogue = JSON.parse(readFileSync(CATALOGUE, 'utf8')) as { objects: Record<string, CatalogueObject> };
  return Object.values(catalogue.objects).map(standardObject);
}

function standardObject(source: CatalogueObject): ObjectSchema {
  const { keyPrefix, fields, ...rest } = source;
  return {
    name: rest.name,
    label: rest.label,
    labelPlural: rest.labelPlural,
    keyPrefix: keyPrefix ?? '',
    kind: 'standard',
    createable: rest.createable,
    updateable: rest.updateable,
    deletable: rest.deletable,
    undeletable: rest.undeletable,
    queryable: rest.queryable && !WITHOUT_ROWS.has(rest.name),
    mergeable: rest.mergeable,
    triggerable: rest.triggerable,
    fields: fieldMap(Object.values(fields).map((each) => standardField(source.name, each))),
    ...(TOOLING_ONLY.has(rest.name) && { toolingOnly: true }),
    validationRules: [],
    childRelationships: new Map(),
  };
}

function standardField(object: string, source: CatalogueField): FieldSchema {
  const { compound: _compound, ...given } = source;
  const made = field(given);
  const formula = DERIVED_FORMULAS[`${object}.${made.name}`];
  if (formula !== undefined) Object.assign(made, { formula, calculated: true });
  if (made.autoNumber !== undefined) {
    made.autoNumber = { ...made.autoNumber, start: FIRST_NUMBERS[`${object}.${made.name}`] ?? 1 };
  }
  const meanings = STATUS_VALUES[`${object}.${made.name}`];
  if (meanings !== undefined)
    made.picklist = made.picklist?.map((value) => ({ ...value, ...meanings[value.value] }) satisfies PicklistValue);
  return made;
}
