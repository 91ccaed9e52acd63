import type { ObjectKind, ObjectSchema } from '../types.ts';
import { auditFields, field, fieldMap, idField, isDeletedField, lookup, systemModstamp } from './field.ts';
import type { FieldSchema } from '../types.ts';
import { MetadataError } from './problems.ts';
import type { XmlElement } from './xml.ts';

/** Elements of a CustomObject that say how it looks or is administered. */
const WITHOUT_EFFECT = [
  'actionOverrides',
  'allowInChatterGroups',
  'articleTypeChannelDisplay',
  'businessProcesses',
  'compactLayoutAssignment',
  'compactLayouts',
  'customHelp',
  'customHelpPage',
  'deploymentStatus',
  'deprecated',
  'description',
  'enableActivities',
  'enableBulkApi',
  'enableEnhancedLookup',
  'enableFeeds',
  'enableHistory',
  'enableLicensing',
  'enableReports',
  'enableSearch',
  'enableSharing',
  'enableStreamingApi',
  'externalSharingModel',
  'fieldSets',
  'gender',
  'historyRetentionPolicy',
  'household',
  'indexes',
  'listViews',
  'platformActionListId',
  'recordTypeTrackFeedHistory',
  'recordTypeTrackHistory',
  'searchLayouts',
  'sharingReasons',
  'startsWith',
  'visibility',
  'webLinks',
  'profileSearchLayouts',
  'isPlural',
];
const UNDERSTOOD = [
  'customSettingsType',
  'eventType',
  'fields',
  'fullName',
  'label',
  'nameField',
  'pluralLabel',
  'publishBehavior',
  'recordTypes',
  'sharingModel',
  'validationRules',
];
export const OBJECT_ELEMENTS = new Set([...WITHOUT_EFFECT, ...UNDERSTOOD]);

const NAME_LENGTH = 80;
const SHARING_MODELS = new Set([
  'Private',
  'Read',
  'ReadWrite',
  'ReadWriteTransfer',
  'FullAccess',
  'ControlledByParent',
  'ControlledByLeadOrContact',
  'ControlledByCampaign',
]);
const READ_ONLY = { createable: false, updateable: false };

/** Which kind of object a name and its metadata make; null for a standard object's customisation. */
export function kindOf(name: string, root: XmlElement): Exclude<ObjectKind, 'standard'> | null {
  if (name.endsWith('__mdt')) return 'customMetadata';
  if (name.endsWith('__e')) return 'platformEvent';
  if (name.endsWith('__c')) return root.text('customSettingsType') ? 'customSetting' : 'custom';
  if (/__[a-z]+$/i.test(name)) throw new MetadataError(`${name} is of a kind that the local org does not support`);
  return null;
}

/** A custom object, event, setting or metadata type with its system fields, as yet without custom ones. */
export function newObject(name: string, kind: ObjectKind, root: XmlElement, keyPrefix: string): ObjectSchema {
  const label = root.text('label') ?? name;
  const stored = kind === 'custom' || kind === 'customSetting';
  const made: ObjectSchema = {
    name,
    label,
    labelPlural: root.text('pluralLabel') ?? label,
    keyPrefix,
    kind,
    createable: kind !== 'customMetadata',
    updateable: stored,
    deletable: stored,
    undeletable: kind === 'custom',
    queryable: kind !== 'platformEvent',
    mergeable: false,
    triggerable: kind === 'custom' || kind === 'platformEvent',
    fields: fieldMap(systemFields(kind, root)),
    validationRules: [],
    childRelationships: new Map(),
  };
  if (kind === 'platformEvent') made.publishBehavior = root.text('publishBehavior') ?? 'PublishAfterCommit';
  if (kind === 'customSetting') made.customSettingsType = root.text('customSettingsType') ?? 'List';
  applySharingModel(made, root);
  return made;
}

/** Takes over `<sharingModel>`. */
export function applySharingModel(object: ObjectSchema, root: XmlElement): void {
  const model = root.text('sharingModel');
  if (model === null) return;
  if (!SHARING_MODELS.has(model)) throw new MetadataError(`<sharingModel> ${model} is unknown`);
  object.sharingModel = model;
}

function systemFields(kind: ObjectKind, root: XmlElement): FieldSchema[] {
  switch (kind) {
    case 'platformEvent':
      return eventFields();
    case 'customMetadata':
      return metadataTypeFields();
    case 'customSetting':
      return [
        idField(),
        isDeletedField(),
        field({ name: 'Name', label: 'Name', type: 'string', length: 38, nameField: true }),
        lookup('SetupOwnerId', 'Location ID', ['Organization', 'Profile', 'User'], 'SetupOwner', { updateable: false }),
        ...auditFields(),
      ];
    default:
      return [
        idField(),
        ownerField(),
        isDeletedField(),
        nameField(root),
        ...auditFields(),
        ...(root.flag('enableActivities')
          ? [field({ name: 'LastActivityDate', label: 'Last Activity Date', type: 'date', ...READ_ONLY })]
          : []),
        field({ name: 'LastViewedDate', label: 'Last Viewed Date', type: 'datetime', ...READ_ONLY }),
        field({ name: 'LastReferencedDate', label: 'Last Referenced Date', type: 'datetime', ...READ_ONLY }),
      ];
  }
}

const ownerField = (): FieldSchema => lookup('OwnerId', 'Owner ID', ['Group', 'User'], 'Owner');

function nameField(root: XmlElement): FieldSchema {
  const element = root.first('nameField');
  if (element === null) throw new MetadataError('a custom object needs <nameField>');
  element.only(new Set(['displayFormat', 'label', 'startingNumber', 'trackFeedHistory', 'trackHistory', 'type']));
  const type = element.needed('type');
  const name = field({
    name: 'Name',
    label: element.text('label') ?? 'Name',
    type: 'string',
    length: NAME_LENGTH,
    nameField: true,
    idLookup: true,
  });
  if (type === 'AutoNumber') {
    name.autoNumber = { format: element.text('displayFormat') ?? '{0}', start: element.integer('startingNumber') ?? 0 };
    return Object.assign(name, READ_ONLY);
  }
  if (type !== 'Text') throw new MetadataError(`<nameField> must be Text or AutoNumber, not ${type}`);
  // A text name that is left empty gets the record's id.
  return name;
}

const eventFields = (): FieldSchema[] => [
  idField(),
  field({ name: 'ReplayId', label: 'Replay ID', type: 'string', length: 1000, ...READ_ONLY }),
  field({ name: 'EventUuid', label: 'Event UUID', type: 'string', length: 36, ...READ_ONLY }),
  field({ name: 'CreatedDate', label: 'Created Date', type: 'datetime', required: true, ...READ_ONLY }),
  lookup('CreatedById', 'Created By ID', ['User'], 'CreatedBy', { required: true, ...READ_ONLY }),
];

const metadataTypeFields = (): FieldSchema[] => [
  idField(),
  field({
    name: 'DeveloperName',
    label: 'Custom Metadata Record Name',
    type: 'string',
    length: 40,
    idLookup: true,
    ...READ_ONLY,
  }),
  field({ name: 'MasterLabel', label: 'Label', type: 'string', length: 40, nameField: true, ...READ_ONLY }),
  field({
    name: 'Language',
    label: 'Master Language',
    type: 'picklist',
    length: 40,
    picklist: [{ value: 'en_US', label: 'English' }],
    ...READ_ONLY,
  }),
  field({ name: 'NamespacePrefix', label: 'Namespace Prefix', type: 'string', length: 15, ...READ_ONLY }),
  field({ name: 'Label', label: 'Label', type: 'string', length: 40, ...READ_ONLY }),
  field({ name: 'QualifiedApiName', label: 'Qualified API Name', type: 'string', length: 70, ...READ_ONLY }),
  systemModstamp(),
];
