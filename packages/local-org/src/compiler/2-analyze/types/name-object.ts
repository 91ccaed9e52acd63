/** The fields that the parent of a polymorphic lookup has, whatever it is (Object Reference, Name). */
import type { ObjectDescription } from '../../types.ts';

const FIELDS: Record<string, string> = {
  Id: 'Id',
  Name: 'String',
  FirstName: 'String',
  LastName: 'String',
  Email: 'String',
  Phone: 'String',
  Title: 'String',
  Type: 'String',
  Alias: 'String',
  Username: 'String',
  IsActive: 'Boolean',
  ProfileId: 'Id',
  UserRoleId: 'Id',
};

export const NAME: ObjectDescription = {
  name: 'Name',
  fields: Object.fromEntries(Object.entries(FIELDS).map(([name, type]) => [name.toLowerCase(), { name, type }])),
  childRelationships: {},
};
