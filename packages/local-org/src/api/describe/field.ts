/** One field of a describe result. Attributes in Salesforce's order of meaning, all of them present. */
import { addressOf } from '../../store/schema/addresses.ts';
import type { FieldSchema, FieldType, ObjectSchema } from '../../store/types.ts';

/** Types that are not `xsd:string`. */
export const SOAP_TYPES: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  base64: 'xsd:base64Binary',
  address: 'urn:address',
  anyType: 'xsd:anyType',
};
const NUMERIC = new Set<FieldType>(['double', 'currency', 'percent']);
/** SOQL: long text, encrypted and binary fields can be neither filtered nor sorted. */
const LONG_TEXT_LENGTH = 255;
const BYTES_PER_CHARACTER = 3;
/** GROUP BY takes no numbers with decimals, no formulas and no long text. */
const NOT_GROUPABLE = new Set<FieldType>([
  'double',
  'currency',
  'percent',
  'datetime',
  'time',
  'multipicklist',
  'address',
  'base64',
]);

const isLong = ({ type, length = 0 }: FieldSchema): boolean =>
  type === 'base64' || type === 'encryptedstring' || (type === 'textarea' && length > LONG_TEXT_LENGTH);

/** What no field of the local org has or is. */
const NEVER = {
  aiPredictionField: false,
  controllerName: null,
  dependentPicklist: false,
  deprecatedAndHidden: false,
  displayLocationInDecimal: false,
  filteredLookupInfo: null,
  highScaleNumber: false,
  htmlFormatted: false,
  inlineHelpText: null,
  mask: null,
  maskType: null,
  referenceTargetField: null,
} as const;

/** What SOQL may do with it. */
const inQueries = (field: FieldSchema) => {
  const { type } = field;
  const long = isLong(field);
  return {
    aggregatable: !long && type !== 'boolean' && type !== 'multipicklist',
    filterable: !long,
    groupable: !long && !NOT_GROUPABLE.has(type) && !field.calculated,
    searchPrefilterable: type === 'reference',
    // Salesforce filters an address by its distance alone.
    queryByDistance: type === 'address',
    sortable: !long && type !== 'multipicklist' && type !== 'address',
  };
};

const sizeOf = (field: FieldSchema) => {
  const { type, length = type === 'id' ? 18 : 0 } = field;
  const text = SOAP_TYPES[type] === undefined || type === 'id' || type === 'reference';
  return {
    byteLength: text ? length * BYTES_PER_CHARACTER : 0,
    digits: type === 'int' ? (field.precision ?? 9) : 0,
    length: text ? length : 0,
    precision: NUMERIC.has(type) ? (field.precision ?? 18) : 0,
    scale: NUMERIC.has(type) ? (field.scale ?? 0) : 0,
  };
};

const relationOf = (field: FieldSchema) => ({
  cascadeDelete: field.cascadeDelete ?? false,
  namePointing: (field.referenceTo?.length ?? 0) > 1,
  polymorphicForeignKey: (field.referenceTo?.length ?? 0) > 1,
  referenceTo: field.referenceTo ?? [],
  relationshipName: field.type === 'reference' ? (field.relationshipName ?? null) : null,
  relationshipOrder: field.relationshipOrder ?? null,
  restrictedDelete: field.deleteConstraint === 'Restrict',
  writeRequiresMasterRead: field.writeRequiresMasterRead ?? false,
});

const valuesOf = (field: FieldSchema) => ({
  calculated: field.calculated,
  calculatedFormula: field.formula ?? null,
  defaultValue: field.defaultValue ?? null,
  defaultValueFormula: field.defaultFormula ?? null,
  defaultedOnCreate: isDefaulted(field),
  formulaTreatNullNumberAsZero: field.formulaBlankAsZero ?? false,
  picklistValues: (field.picklist ?? []).map(({ value, label, default: isDefault = false, active = true }) => ({
    active,
    defaultValue: isDefault,
    label,
    validFor: null,
    value,
  })),
  restrictedPicklist: field.restricted ?? false,
});

/** Attributes in the order in which Salesforce answers them: that of their names. */
const byName = <T extends object>(attributes: T): T =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))) as T;

/** `right` tells what the asking user may do with the field, which is one of `object`. */
export const describeField = (object: ObjectSchema, field: FieldSchema, right: { edit: boolean }) => {
  const { type } = field;
  return byName({
    ...NEVER,
    ...inQueries(field),
    ...sizeOf(field),
    ...relationOf(field),
    ...valuesOf(field),
    autoNumber: field.autoNumber !== undefined,
    caseSensitive: field.caseSensitive,
    compoundFieldName: addressOf(object, field)?.name ?? null,
    createable: field.createable && right.edit,
    custom: field.custom,
    encrypted: type === 'encryptedstring',
    externalId: field.externalId,
    extraTypeInfo: type === 'textarea' && field.custom ? 'plaintextarea' : null,
    idLookup: field.idLookup,
    label: field.label,
    name: field.name,
    nameField: field.nameField,
    nillable: !field.required && type !== 'id' && type !== 'boolean',
    permissionable: field.custom ? !field.required && !field.cascadeDelete : field.createable && !field.required,
    soapType: SOAP_TYPES[type] ?? 'xsd:string',
    type,
    unique: field.unique,
    updateable: field.updateable && right.edit,
  });
};

const isDefaulted = (field: FieldSchema): boolean =>
  field.type === 'boolean' ||
  field.type === 'id' ||
  field.autoNumber !== undefined ||
  field.defaultValue !== undefined ||
  field.defaultFormula !== undefined ||
  (field.picklist?.some((value) => value.default) ?? false) ||
  (field.required && !field.createable) ||
  field.name === 'OwnerId';
