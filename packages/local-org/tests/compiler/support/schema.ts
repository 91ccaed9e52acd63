/** A small schema for compiler tests. */
import type { FieldDescription, ObjectDescription, SchemaDescription } from '../../../src/compiler/types.ts';

/** `Name: 'String'`; a lookup is `Relationship->Object` or `Relationship->A|B`; what the platform works out is `=Decimal`. */
type FieldSpecs = Record<string, string>;

function field(name: string, spec: string): FieldDescription {
  if (spec.startsWith('=')) return { name, type: spec.slice(1), calculated: true };
  const [relationshipName, targets] = spec.split('->');
  return targets === undefined
    ? { name, type: spec }
    : { name, type: 'Id', relationshipName: relationshipName!, referenceTo: targets.split('|') };
}

function object(
  name: string,
  specs: FieldSpecs,
  children: Record<string, [object: string, field: string]> = {},
): ObjectDescription {
  const all: FieldSpecs = { Id: 'Id', Name: 'String', OwnerId: 'Owner->User|Group', CreatedDate: 'Datetime', ...specs };
  return {
    name,
    fields: Object.fromEntries(Object.entries(all).map(([key, spec]) => [key.toLowerCase(), field(key, spec)])),
    childRelationships: Object.fromEntries(
      Object.entries(children).map(([key, [child, lookup]]) => [
        key.toLowerCase(),
        { name: key, object: child, field: lookup },
      ]),
    ),
  };
}

const OBJECTS = [
  object(
    'Account',
    { Industry: 'String', AnnualRevenue: 'Decimal', NumberOfEmployees: 'Integer', ParentId: 'Parent->Account' },
    {
      Cases: ['Case', 'AccountId'],
      Contacts: ['Contact', 'AccountId'],
    },
  ),
  object('Contact', { LastName: 'String', Email: 'String', AccountId: 'Account->Account' }),
  object('Case', {
    Subject: 'String',
    Status: 'String',
    Priority: 'String',
    AccountId: 'Account->Account',
    Due_Date__c: 'Date',
    Reported_At__c: 'Datetime',
    Sync_Version__c: 'Decimal',
    Sync_Key__c: 'String',
    Total__c: '=Decimal',
    Latitude__c: 'Double',
    IsClosed: 'Boolean',
  }),
  object('User', { Username: 'String', LastName: 'String', Email: 'String', IsActive: 'Boolean' }),
  object('Group', { DeveloperName: 'String' }),
  object('Setting__mdt', { Grace__c: 'Decimal', Paused__c: 'Boolean', DeveloperName: 'String' }),
  object('Wake__e', { Reason__c: 'String' }),
];

export const schema: SchemaDescription = {
  objects: Object.fromEntries(OBJECTS.map((described) => [described.name.toLowerCase(), described])),
};
