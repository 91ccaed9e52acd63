import type { FieldSchema, FieldType, PicklistValue } from '../types.ts';
import { field } from './field.ts';
import { MetadataError } from './problems.ts';
import { readFieldValueSet } from './value-sets.ts';
import type { XmlElement } from './xml.ts';

/** Elements of a CustomField that say how it looks or is administered. */
const WITHOUT_EFFECT = [
  'businessOwnerGroup',
  'businessOwnerUser',
  'businessStatus',
  'complianceGroup',
  'deprecated',
  'description',
  'displayLocationInDecimal',
  'encryptionScheme',
  'fieldManageability',
  'inlineHelpText',
  'isAIPredictionField',
  'isFilteringDisabled',
  'isNameField',
  'isSortingDisabled',
  'maskChar',
  'maskType',
  'metadataRelationshipControllingField',
  'relationshipLabel',
  'securityClassification',
  'stripMarkup',
  'trackFeedHistory',
  'trackHistory',
  'trackTrending',
  'visibleLines',
  'populateExistingRows',
];
const UNDERSTOOD = [
  'caseSensitive',
  'defaultValue',
  'deleteConstraint',
  'displayFormat',
  'externalId',
  'formula',
  'formulaTreatBlanksAs',
  'fullName',
  'label',
  'length',
  'precision',
  'referenceTo',
  'relationshipName',
  'relationshipOrder',
  'reparentableMasterDetail',
  'required',
  'scale',
  'startingNumber',
  'summarizedField',
  'summaryFilterItems',
  'summaryForeignKey',
  'summaryOperation',
  'type',
  'unique',
  'valueSet',
  'writeRequiresMasterRead',
];
const KNOWN = new Set([...WITHOUT_EFFECT, ...UNDERSTOOD]);

const TYPES: Record<string, FieldType> = {
  Text: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Html: 'textarea',
  Number: 'double',
  Currency: 'currency',
  Percent: 'percent',
  Checkbox: 'boolean',
  Date: 'date',
  DateTime: 'datetime',
  Time: 'time',
  Picklist: 'picklist',
  MultiselectPicklist: 'multipicklist',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
  AutoNumber: 'string',
  Lookup: 'reference',
  MasterDetail: 'reference',
  Hierarchy: 'reference',
  MetadataRelationship: 'reference',
  // of the type of what it sums up, which link-summaries.ts finds out
  Summary: 'double',
  EncryptedText: 'encryptedstring',
};
const DEFAULT_LENGTH: Record<string, number> = {
  TextArea: 255,
  Picklist: 255,
  MultiselectPicklist: 4099,
  Email: 80,
  Phone: 40,
  Url: 255,
  AutoNumber: 30,
  Lookup: 18,
  MasterDetail: 18,
  Hierarchy: 18,
  MetadataRelationship: 18,
};
/** Length of a text formula's result (developer guide, formula field limits). */
const FORMULA_TEXT_LENGTH = 1300;

/** Reads one custom field of `object` from its `<CustomField>` or `<fields>` element. */
export function readCustomField(
  object: string,
  element: XmlElement,
  globals: Map<string, PicklistValue[]>,
): FieldSchema {
  element.only(KNOWN);
  const name = element.needed('fullName');
  const typeName = element.needed('type');
  const type = TYPES[typeName];
  if (type === undefined)
    throw new MetadataError(`${object}.${name} is of type ${typeName}, which the local org does not support`);
  const formula = element.text('formula');
  const made = field({
    name,
    label: element.text('label') ?? name,
    type,
    custom: true,
    required: element.flag('required') || typeName === 'MasterDetail',
    unique: element.flag('unique'),
    caseSensitive: element.flag('caseSensitive'),
    externalId: element.flag('externalId'),
    idLookup: element.flag('externalId'),
  });
  const length = element.integer('length') ?? DEFAULT_LENGTH[typeName];
  if (length !== undefined) made.length = length;
  readNumber(made, element);
  readPicklist(made, element, globals);
  if (type === 'reference') readReference(object, made, typeName, element);
  if (typeName === 'AutoNumber') {
    made.autoNumber = { format: element.text('displayFormat') ?? '{0}', start: element.integer('startingNumber') ?? 0 };
    Object.assign(made, { createable: false, updateable: false });
  }
  if (formula !== null) readFormula(made, formula, element);
  else if (typeName === 'Summary') Object.assign(made, { calculated: true, createable: false, updateable: false });
  else readDefault(made, element);
  return made;
}

function readNumber(made: FieldSchema, element: XmlElement): void {
  if (!['double', 'currency', 'percent'].includes(made.type)) return;
  made.precision = element.integer('precision') ?? 18;
  made.scale = element.integer('scale') ?? 0;
}

function readPicklist(made: FieldSchema, element: XmlElement, globals: Map<string, PicklistValue[]>): void {
  if (made.type !== 'picklist' && made.type !== 'multipicklist') return;
  const set = element.first('valueSet');
  if (set === null) throw new MetadataError(`${made.name} is a picklist without <valueSet>`);
  Object.assign(made, readFieldValueSet(set, globals));
}

function readReference(object: string, made: FieldSchema, typeName: string, element: XmlElement): void {
  const target = typeName === 'Hierarchy' ? object : element.needed('referenceTo');
  if (typeName === 'MetadataRelationship' && !target.endsWith('__mdt')) {
    // EntityDefinition, FieldDefinition and EntityParticle are addressed by name, not by id.
    Object.assign(made, { type: 'string', length: 255 });
    return;
  }
  made.referenceTo = [target];
  made.relationshipName = made.name.replace(/__c$/, '__r');
  const children = element.text('relationshipName');
  if (children !== null) made.childRelationshipName = `${children}__r`;
  if (typeName === 'MasterDetail') {
    made.cascadeDelete = true;
    made.relationshipOrder = element.integer('relationshipOrder') ?? 0;
    made.updateable = element.flag('reparentableMasterDetail');
    made.writeRequiresMasterRead = element.flag('writeRequiresMasterRead');
    return;
  }
  const constraint = element.text('deleteConstraint') ?? 'SetNull';
  if (constraint !== 'SetNull' && constraint !== 'Restrict' && constraint !== 'Cascade') {
    throw new MetadataError(`${made.name} has the unknown <deleteConstraint> ${constraint}`);
  }
  made.deleteConstraint = constraint;
  if (constraint === 'Cascade') made.cascadeDelete = true;
}

function readFormula(made: FieldSchema, formula: string, element: XmlElement): void {
  Object.assign(made, { formula, calculated: true, createable: false, updateable: false, required: false });
  made.formulaBlankAsZero = element.text('formulaTreatBlanksAs') === 'BlankAsZero';
  if (made.type === 'string') made.length = FORMULA_TEXT_LENGTH;
}

/** A default is a formula; the literals, which most are, are read at once. */
function readDefault(made: FieldSchema, element: XmlElement): void {
  const text = element.text('defaultValue')?.trim() ?? '';
  if (made.type === 'boolean') {
    made.defaultValue = text === 'true';
  } else if (text !== '') {
    if (/^"[^"\\]*"$|^'[^'\\]*'$/.test(text)) made.defaultValue = text.slice(1, -1);
    else if (/^-?\d+(\.\d+)?$/.test(text) && ['double', 'currency', 'percent'].includes(made.type))
      made.defaultValue = Number(text);
    else made.defaultFormula = text;
  }
}
