import type { FieldSchema, ObjectSchema, Schema } from '../types.ts';

type Constraint = NonNullable<FieldSchema['deleteConstraint']>;

/** What deleting a parent does to its children, for standard lookups (object reference and help, deleting records). */
const STANDARD: Record<string, Constraint> = {
  'Case.AccountId': 'Restrict',
  'Case.ContactId': 'Restrict',
  'Contact.AccountId': 'Cascade',
  'Opportunity.AccountId': 'Cascade',
  'Contract.AccountId': 'Restrict',
  'Asset.AccountId': 'Cascade',
};

/** Lookups that leave their value behind: who did something stays on record. */
const HISTORICAL = new Set(['CreatedById', 'LastModifiedById', 'OwnerId', 'MasterRecordId', 'RecordTypeId']);

export interface ChildLookup {
  object: ObjectSchema;
  field: FieldSchema;
  constraint: Constraint;
}

/** All lookups to an object, with what a deletion does to them. */
export function childLookups(schema: Schema, parent: ObjectSchema): ChildLookup[] {
  return [...schema.objects.values()]
    .filter((object) => object.kind !== 'platformEvent')
    .flatMap((object) =>
      [...object.fields.values()]
        .filter((field) => field.type === 'reference' && field.formula === undefined && !HISTORICAL.has(field.name))
        .filter((field) => field.referenceTo?.some((target) => target.toLowerCase() === parent.name.toLowerCase()))
        .map((field) => ({ object, field, constraint: constraintOf(object, field) })),
    );
}

function constraintOf(object: ObjectSchema, field: FieldSchema): Constraint {
  if (field.cascadeDelete === true) return 'Cascade';
  return field.deleteConstraint ?? STANDARD[`${object.name}.${field.name}`] ?? 'SetNull';
}
