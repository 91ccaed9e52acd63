/** One field of a describe result. Attributes in Salesforce's order of meaning, all of them present. */
import type { FieldSchema, FieldType } from '../../store/types.ts';

const SOAP_TYPES: Partial<Record<FieldType, string>> = {
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

/** `right` tells what the asking user may do with the field. */
export const describeField = (field: FieldSchema, right: { edit: boolean }) => {
  const { type, length = type === 'id' ? 18 : 0 } = field;
  const long = isLong(field);
  const text = SOAP_TYPES[type] === undefined || type === 'id' || type === 'reference';
  const reference = type === 'reference';
  return {
    aggregatable: !long && type !== 'boolean' && type !== 'multipicklist',
    aiPredictionField: false,
    autoNumber: field.autoNumber !== undefined,
    byteLength: text ? length * BYTES_PER_CHARACTER : 0,
    calculated: field.calculated,
    calculatedFormula: field.formula ?? null,
    cascadeDelete: field.cascadeDelete ?? false,
    caseSensitive: field.caseSensitive,
    compoundFieldName: null,
    controllerName: null,
    createable: field.createable && right.edit,
    custom: field.custom,
    defaultValue: field.defaultValue ?? null,
    defaultValueFormula: field.defaultFormula ?? null,
    defaultedOnCreate: isDefaulted(field),
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: type === 'int' ? (field.precision ?? 9) : 0,
    displayLocationInDecimal: false,
    encrypted: type === 'encryptedstring',
    externalId: field.externalId,
    extraTypeInfo: type === 'textarea' && field.custom ? 'plaintextarea' : null,
    filterable: !long,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: field.formulaBlankAsZero ?? false,
    groupable: !long && !NOT_GROUPABLE.has(type) && !field.calculated,
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.idLookup,
    inlineHelpText: null,
    label: field.label,
    length: text ? length : 0,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: (field.referenceTo?.length ?? 0) > 1,
    nillable: !field.required && type !== 'id' && type !== 'boolean',
    permissionable: field.custom ? !field.required && !field.cascadeDelete : field.createable && !field.required,
    picklistValues: (field.picklist ?? []).map(({ value, label, default: isDefault = false, active = true }) => ({
      active,
      defaultValue: isDefault,
      label,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: (field.referenceTo?.length ?? 0) > 1,
    precision: NUMERIC.has(type) ? (field.precision ?? 18) : 0,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo ?? [],
    relationshipName: reference ? (field.relationshipName ?? null) : null,
    relationshipOrder: field.relationshipOrder ?? null,
    restrictedDelete: field.deleteConstraint === 'Restrict',
    restrictedPicklist: field.restricted ?? false,
    scale: NUMERIC.has(type) ? (field.scale ?? 0) : 0,
    searchPrefilterable: reference,
    soapType: SOAP_TYPES[type] ?? 'xsd:string',
    sortable: !long && type !== 'multipicklist',
    type,
    unique: field.unique,
    updateable: field.updateable && right.edit,
    writeRequiresMasterRead: false,
  };
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
