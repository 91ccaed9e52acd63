import type { FieldSchema, ObjectSchema } from '../types.ts';

/** Standard objects whose access profiles and permission sets grant. */
const PERMISSIONED = new Set([
  'Account',
  'Asset',
  'Case',
  'Contact',
  'Contract',
  'Lead',
  'Opportunity',
  'Pricebook2',
  'Product2',
  'Report',
  'UserExternalCredential',
]);
/** Standard objects that whoever has a licence may write; what they hang on restricts them. */
const FOR_EVERYONE = new Set([
  'Attachment',
  'CaseComment',
  'ContentDocument',
  'ContentDocumentLink',
  'ContentVersion',
  'EmailMessage',
  'Event',
  'FeedItem',
  'Note',
  'Task',
  'PricebookEntry',
]);

/** How access to an object is decided. `setup`: everyone reads, administrators write. */
export function accessKind(object: ObjectSchema): 'granted' | 'everyone' | 'setup' {
  if (object.kind !== 'standard' || PERMISSIONED.has(object.name)) return 'granted';
  return FOR_EVERYONE.has(object.name) ? 'everyone' : 'setup';
}

const ALWAYS = new Set([
  'CaseNumber',
  'IsClosed',
  'IsWon',
  'OwnerId',
  'RecordTypeId',
  'Status',
  'ClosedDate',
  'MasterRecordId',
  'StageName',
  'SetupOwnerId',
]);

/**
 * Whether field-level security applies to the field (`permissionable`): not to system and required
 * fields, names and masters, which whoever sees the object sees.
 */
export function isPermissionable(object: ObjectSchema, field: FieldSchema): boolean {
  if (
    accessKind(object) !== 'granted' ||
    object.kind === 'customMetadata' ||
    object.kind === 'customSetting' ||
    object.kind === 'platformEvent'
  )
    return false;
  if (field.custom) return !field.required;
  const system = !field.createable && !field.updateable && field.formula === undefined;
  return !field.required && !field.nameField && !system && !ALWAYS.has(field.name);
}
