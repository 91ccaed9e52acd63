/**
 * Roll-up summary fields: `summaryForeignKey`, `summaryOperation`, `summarizedField` and `summaryFilterItems` (Metadata API
 * Developer Guide, "CustomField"). Which fields can be summed up: Salesforce Help, "About Roll-Up Summary Fields".
 */
import { readFilterItems } from '../automation/read-criteria.ts';
import type { SummarySchema } from '../automation/types.ts';
import { identifiersOf, parseFormula } from '../formula/parse.ts';
import type { FieldSchema, FieldType, ObjectSchema } from '../types.ts';
import { MetadataError } from './problems.ts';
import type { MetadataProblems } from './problems.ts';
import type { XmlElement } from './xml.ts';

/** A field of type Summary whose detail object may not be loaded yet. */
export interface UnlinkedSummary {
  object: ObjectSchema;
  field: FieldSchema;
  element: XmlElement;
  file: string;
}

type Objects = ReadonlyMap<string, ObjectSchema>;

/** Roll-up summaries an object may have (Salesforce Help, "Roll-Up Summary Field Limits"). */
const MAX_SUMMARIES = 25;
const NUMBERS = new Set<FieldType>(['int', 'double', 'currency', 'percent']);
const TYPES: Record<SummarySchema['operation'], ReadonlySet<FieldType>> = {
  count: new Set(),
  sum: NUMBERS,
  min: new Set([...NUMBERS, 'date', 'datetime']),
  max: new Set([...NUMBERS, 'date', 'datetime']),
};
/** Lookups of standard objects that summaries take for a master-detail. */
const STANDARD_MASTERS = new Set(['Opportunity.AccountId']);
const MAX_PRECISION = 18;

/** Tells each detail object which summaries of its masters its records count in, and each summary its type. */
export function linkSummaries(objects: Objects, unlinked: UnlinkedSummary[], problems: MetadataProblems): void {
  const waiting = new Map(unlinked.map((each) => [each.field, each]));
  const link = (each: UnlinkedSummary): void => {
    if (!waiting.delete(each.field)) return;
    problems.guard(each.file, () => {
      const detail = detailOf(objects, each);
      const summarized = summarizedOf(detail, each);
      // a summary of summaries has the type of theirs
      const below = summarized === null ? undefined : waiting.get(summarized);
      if (below !== undefined) link(below);
      linkOne(objects, detail, summarized, each);
    });
  };
  for (const each of unlinked) link(each);
  for (const { object, file } of unlinked) {
    const count = [...object.fields.values()].filter((field) => field.summaryOperation !== undefined).length;
    if (count > MAX_SUMMARIES)
      problems.add(file, `${object.name} has ${count} roll-up summaries: ${MAX_SUMMARIES} are allowed`);
  }
}

function linkOne(
  objects: Objects,
  detail: ObjectSchema,
  summarized: FieldSchema | null,
  { object, field, element }: UnlinkedSummary,
): void {
  const operation = operationOf(element);
  if ((operation === 'count') !== (summarized === null))
    throw new MetadataError(`${object.name}.${field.name}: <summarizedField> goes with sum, min and max`);
  if (summarized !== null) {
    checkSummarized(detail, summarized, operation);
    Object.assign(field, typeOf(summarized, operation));
  } else Object.assign(field, { type: 'double', precision: MAX_PRECISION, scale: 0 });
  field.summaryOperation = operation;
  const summary: SummarySchema = {
    master: object.name,
    target: field,
    lookup: lookupOf(detail, object, element),
    operation,
    summarized,
    criteria: readFilterItems(objects, detail, element, 'summaryFilterItems'),
    definition: definitionOf(element),
  };
  detail.summaries = [...(detail.summaries ?? []), summary];
}

function operationOf(element: XmlElement): SummarySchema['operation'] {
  const operation = element.needed('summaryOperation');
  if (!Object.hasOwn(TYPES, operation)) throw new MetadataError(`<summaryOperation> ${operation} is unknown`);
  return operation as SummarySchema['operation'];
}

function detailOf(objects: Objects, { element }: UnlinkedSummary): ObjectSchema {
  const [name = ''] = element.needed('summaryForeignKey').split('.');
  const detail = objects.get(name.toLowerCase());
  if (detail === undefined) throw new MetadataError(`<summaryForeignKey>: there is no object ${name}`);
  return detail;
}

function lookupOf(detail: ObjectSchema, master: ObjectSchema, element: XmlElement): FieldSchema {
  const key = element.needed('summaryForeignKey');
  const lookup = detail.fields.get((key.split('.')[1] ?? '').toLowerCase());
  const isMaster =
    lookup?.referenceTo?.includes(master.name) === true &&
    (lookup.relationshipOrder !== undefined || STANDARD_MASTERS.has(`${detail.name}.${lookup.name}`));
  if (!isMaster) throw new MetadataError(`<summaryForeignKey> ${key} is no master-detail to ${master.name}`);
  return lookup;
}

function summarizedOf(detail: ObjectSchema, { element }: UnlinkedSummary): FieldSchema | null {
  const text = element.text('summarizedField');
  if (text === null || text === '') return null;
  const [object = '', name = ''] = text.split('.');
  const field = detail.fields.get(name.toLowerCase());
  if (object.toLowerCase() !== detail.name.toLowerCase() || field === undefined)
    throw new MetadataError(`<summarizedField> ${text} is no field of ${detail.name}`);
  return field;
}

/** A formula counts when it reads nothing but its own record, and not the clock. */
function checkSummarized(detail: ObjectSchema, field: FieldSchema, operation: SummarySchema['operation']): void {
  const name = `${detail.name}.${field.name}`;
  if (!TYPES[operation].has(field.type) || field.autoNumber !== undefined)
    throw new MetadataError(`${name} is of type ${field.type}, of which there is no ${operation}`);
  if (field.formula === undefined) return;
  if (identifiersOf(parseFormula(field.formula)).some((read) => read.includes('.')))
    throw new MetadataError(`${name} reads another record: formulas that do cannot be summed up`);
  if (/\b(?:NOW|TODAY|TIMENOW)\s*\(/i.test(field.formula))
    throw new MetadataError(`${name} reads the clock: formulas that do cannot be summed up`);
}

/** A sum may have more digits than what it adds up. */
function typeOf({ type, precision, scale }: FieldSchema, operation: SummarySchema['operation']): Partial<FieldSchema> {
  if (!NUMBERS.has(type)) return { type };
  return {
    type: type === 'int' ? 'double' : type,
    precision: operation === 'sum' ? MAX_PRECISION : (precision ?? MAX_PRECISION),
    scale: scale ?? 0,
  };
}

/** The elements that decide on the value, as text. */
function definitionOf(element: XmlElement): string {
  const items = element
    .all('summaryFilterItems')
    .map((item) => ['field', 'operation', 'value'].map((name) => item.text(name)));
  return JSON.stringify([
    ...['summaryForeignKey', 'summaryOperation', 'summarizedField'].map((name) => element.text(name)),
    items,
  ]);
}
