/** Describe results of objects, as the asking user sees them. */
import type { ObjectSchema } from '../../store/types.ts';
import type { Call } from '../call.ts';
import { describeField } from './field.ts';

/** The master record type has the same id in every org. */
const MASTER_RECORD_TYPE_ID = '012000000000000AAA';

/** What the global describe and the basic information of an object tell. */
export const summarize = (call: Call, object: ObjectSchema) => {
  const may = (right: 'read' | 'create' | 'edit' | 'delete'): boolean =>
    call.deps.store.permissions.object(call.userId, object.name, right);
  const url = `${call.base}/sobjects/${object.name}`;
  const setup = object.kind === 'customMetadata';
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.createable && may('create'),
    custom: object.kind !== 'standard',
    customSetting: object.kind === 'customSetting',
    deepCloneable: false,
    deletable: object.deletable && may('delete'),
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: !setup && object.kind !== 'platformEvent',
    mergeable: object.mergeable,
    mruEnabled: false,
    name: object.name,
    queryable: object.queryable && may('read'),
    replicateable: object.queryable,
    retrieveable: object.queryable,
    searchable: object.queryable && object.kind !== 'customMetadata' && object.kind !== 'customSetting',
    triggerable: object.triggerable,
    undeletable: object.undeletable,
    updateable: object.updateable && may('edit'),
    urls: {
      rowTemplate: `${url}/{ID}`,
      describe: `${url}/describe`,
      sobject: url,
      ...(object.kind === 'platformEvent' ? { eventSchema: `${url}/eventSchema` } : {}),
    },
  };
};

export const describe = (call: Call, object: ObjectSchema) => {
  const { permissions } = call.deps.store;
  const fields = [...object.fields.values()].filter((field) =>
    permissions.field(call.userId, object.name, field.name, 'read'),
  );
  return {
    actionOverrides: [],
    ...summarize(call, object),
    childRelationships: childRelationships(call, object),
    compactLayoutable: object.kind === 'standard' || object.kind === 'custom',
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: fields.map((field) =>
      describeField(object, field, { edit: permissions.field(call.userId, object.name, field.name, 'edit') }),
    ),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypeInfos(call, object),
    searchLayoutable: object.kind === 'standard' || object.kind === 'custom',
    sobjectDescribeOption: 'FULL',
    supportedScopes: [
      { label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' },
      { label: `My ${object.labelPlural.toLowerCase()}`, name: 'mine' },
    ],
  };
};

const childRelationships = (call: Call, object: ObjectSchema) =>
  object.childRelationships
    .values()
    .map(({ name, object: childName, field }) => {
      const lookup = call.deps.store.schema.objects.get(childName.toLowerCase())?.fields.get(field.toLowerCase());
      return {
        cascadeDelete: lookup?.cascadeDelete ?? false,
        childSObject: childName,
        deprecatedAndHidden: false,
        field,
        junctionIdListNames: [],
        junctionReferenceTo: [],
        relationshipName: name,
        restrictedDelete: lookup?.deleteConstraint === 'Restrict',
      };
    })
    .toArray();

const recordTypeInfos = (call: Call, object: ObjectSchema) => {
  const { rows } = call.deps.store.query(
    'SELECT Id, DeveloperName, Name, IsActive FROM RecordType WHERE SobjectType = :object ORDER BY DeveloperName',
    { access: { ...call.access, mode: 'system', sharing: false }, binds: { object: object.name } },
  );
  const info = (id: string, developerName: string, name: string, active: boolean, master: boolean) => ({
    active,
    available: active,
    defaultRecordTypeMapping: master,
    developerName,
    master,
    name,
    recordTypeId: id,
    urls: { layout: `${call.base}/sobjects/${object.name}/describe/layouts/${id}` },
  });
  return [
    ...rows.map(({ id, values }) =>
      info(
        id!,
        String(values.get('DeveloperName')),
        String(values.get('Name')),
        values.get('IsActive') === true,
        false,
      ),
    ),
    info(MASTER_RECORD_TYPE_ID, 'Master', 'Master', true, true),
  ];
};
