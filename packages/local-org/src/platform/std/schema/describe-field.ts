/** Schema.DescribeFieldResult. */
import type { FieldSchema } from '../../../store/types.ts';
import type { PlatformRuntime } from '../../services.ts';
import type { Apex, StdFactory } from '../../types.ts';
import { ApexList, Decimal } from '../../values/index.ts';
import { enumConstant } from '../shared/enum.ts';
import { byteLength, displayType, isLongText, isNumeric, isText, soapType } from './field-types.ts';
import { describeMembers, type Readers } from './readers.ts';
import { type FieldDescribe, PicklistEntryObject } from './results.ts';

const ID_LENGTH = 18;
/** Digits a Number or Currency has when the metadata does not say. */
const DEFAULT_PRECISION = 18;

const lengthOf = ({ type, length }: FieldSchema): number =>
  type === 'id' || type === 'reference' ? ID_LENGTH : isText(type) ? (length ?? 255) : 0;

const defaultValue = ({ type, defaultValue: value }: FieldSchema): Apex => {
  if (value === undefined || value === null) return type === 'boolean' ? false : null;
  return typeof value === 'number' && type !== 'int' ? Decimal.fromNumber(value) : value;
};

const values = ($: PlatformRuntime): Readers => ({
  ByteLength: ({ field }: FieldDescribe) => byteLength(field.type, lengthOf(field)),
  CalculatedFormula: ({ field }: FieldDescribe) => field.formula ?? null,
  DefaultValue: ({ field }: FieldDescribe) => defaultValue(field),
  DefaultValueFormula: ({ field }: FieldDescribe) => field.defaultFormula ?? null,
  Digits: ({ field }: FieldDescribe) => (field.type === 'int' ? 9 : 0),
  Label: ({ field }: FieldDescribe) => field.label,
  Length: ({ field }: FieldDescribe) => lengthOf(field),
  LocalName: ({ field }: FieldDescribe) => field.name,
  Name: ({ field }: FieldDescribe) => field.name,
  PicklistValues: ({ field }: FieldDescribe) =>
    new ApexList(
      'Schema.PicklistEntry',
      (field.picklist ?? []).filter((entry) => entry.active !== false).map((entry) => new PicklistEntryObject(entry)),
    ),
  Precision: ({ field }: FieldDescribe) => (isNumeric(field.type) ? (field.precision ?? DEFAULT_PRECISION) : 0),
  ReferenceTo: ({ field }: FieldDescribe) =>
    new ApexList(
      'Schema.SObjectType',
      (field.referenceTo ?? []).map((object) => $.sobjectType(object)),
    ),
  RelationshipName: ({ field }: FieldDescribe) => field.relationshipName ?? null,
  Scale: ({ field }: FieldDescribe) => (isNumeric(field.type) ? (field.scale ?? 0) : 0),
  SoapType: ({ field }: FieldDescribe) => enumConstant($.std, 'Schema.SoapType', soapType(field.type)),
  SObjectType: ({ object }: FieldDescribe) => $.sobjectType(object.name),
  SobjectField: ({ object, field }: FieldDescribe) => $.sobjectField(object.name, field.name),
  Type: ({ field }: FieldDescribe) => enumConstant($.std, 'Schema.DisplayType', displayType(field.type)),
});

/** Standard fields that every user with access to the object sees: field-level security cannot be set for them. */
const ALWAYS_VISIBLE = new Set([
  'ownerid',
  'status',
  'isdeleted',
  'systemmodstamp',
  'createddate',
  'createdbyid',
  'lastmodifieddate',
  'lastmodifiedbyid',
]);

/** Whether permission sets can grant the field. Required fields, names and master-detail lookups are always visible (help: Field-Level Security). */
const isPermissionable = (field: FieldSchema): boolean =>
  field.type !== 'id' &&
  !field.required &&
  !field.nameField &&
  !field.cascadeDelete &&
  (field.custom || !ALWAYS_VISIBLE.has(field.name.toLowerCase()));

const flags = ($: PlatformRuntime): Readers => {
  const may = ({ object, field }: FieldDescribe, right: 'read' | 'edit'): boolean =>
    $.services.may.field(object.name, field.name, right);
  const searchable = ({ field }: FieldDescribe): boolean => !isLongText(field.type, lengthOf(field));
  const sortable = (self: FieldDescribe): boolean => searchable(self) && self.field.type !== 'address';
  return {
    Accessible: (self: FieldDescribe) => may(self, 'read'),
    Createable: (self: FieldDescribe) => self.field.createable && may(self, 'edit'),
    Updateable: (self: FieldDescribe) => self.field.updateable && may(self, 'edit'),
    AutoNumber: ({ field }: FieldDescribe) => field.autoNumber !== undefined,
    Calculated: ({ field }: FieldDescribe) => field.calculated,
    CascadeDelete: ({ field }: FieldDescribe) => field.cascadeDelete ?? false,
    CaseSensitive: ({ field }: FieldDescribe) => field.caseSensitive,
    Custom: ({ field }: FieldDescribe) => field.custom,
    DefaultedOnCreate: ({ field }: FieldDescribe) =>
      field.type === 'boolean' || field.defaultValue !== undefined || field.defaultFormula !== undefined,
    Encrypted: ({ field }: FieldDescribe) => field.type === 'encryptedstring',
    ExternalId: ({ field }: FieldDescribe) => field.externalId,
    Filterable: searchable,
    Groupable: (self: FieldDescribe) =>
      sortable(self) && !self.field.calculated && !(isNumeric(self.field.type) && self.field.custom),
    IdLookup: ({ field }: FieldDescribe) => field.idLookup,
    NameField: ({ field }: FieldDescribe) => field.nameField,
    NamePointing: ({ field }: FieldDescribe) => (field.referenceTo?.length ?? 0) > 1,
    Nillable: ({ field }: FieldDescribe) => !field.required && field.type !== 'boolean' && field.type !== 'id',
    Permissionable: ({ field }: FieldDescribe) => isPermissionable(field),
    RestrictedPicklist: ({ field }: FieldDescribe) => field.restricted ?? false,
    Sortable: sortable,
    Unique: ({ field }: FieldDescribe) => field.unique,
  };
};

export const describeField: StdFactory = ($) => ({
  name: 'Schema.DescribeFieldResult',
  ...describeMembers(values($ as PlatformRuntime), flags($ as PlatformRuntime)),
});
