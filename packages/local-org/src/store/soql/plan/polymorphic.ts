import { field } from '../../schema/field.ts';
import type { FieldSchema, ObjectSchema } from '../../types.ts';
import type { Position } from '../ast.ts';
import { noSuchColumn, unsupported } from '../errors.ts';
import type { Column, PlanScope, Parent, Source } from './scope.ts';
import { raw } from './sql.ts';

/** Fields of the object Name, which is what a polymorphic lookup leads to (object reference, Name). */
const NAME_FIELDS: FieldSchema[] = [
  field({ name: 'Id', label: 'Record ID', type: 'id' }),
  field({ name: 'Name', label: 'Name', type: 'string', nameField: true }),
  field({ name: 'FirstName', label: 'First Name', type: 'string' }),
  field({ name: 'LastName', label: 'Last Name', type: 'string' }),
  field({ name: 'Alias', label: 'Alias', type: 'string' }),
  field({ name: 'Email', label: 'Email', type: 'email' }),
  field({ name: 'Phone', label: 'Phone', type: 'phone' }),
  field({ name: 'Title', label: 'Title', type: 'string' }),
  field({ name: 'Username', label: 'Username', type: 'string' }),
  field({ name: 'IsActive', label: 'Active', type: 'boolean' }),
  field({ name: 'ProfileId', label: 'Profile ID', type: 'reference', referenceTo: ['Profile'] }),
  field({ name: 'UserRoleId', label: 'Role ID', type: 'reference', referenceTo: ['UserRole'] }),
  field({ name: 'Type', label: 'Type', type: 'picklist' }),
];

/** A field of a polymorphic parent (`Owner.Name`): the value of whichever object the lookup points to. */
export function polymorphicField(
  scope: PlanScope,
  parent: Parent,
  rest: string[],
  position: Position,
): Omit<Column, 'parents' | 'position'> {
  if (rest.length > 1)
    throw unsupported(`the path ${rest.join('.')} behind the polymorphic ${parent.field.relationshipName}`);
  const name = rest[0]!.toLowerCase();
  const found = NAME_FIELDS.find((each) => each.name.toLowerCase() === name);
  if (found === undefined) throw noSuchColumn(scope.text, position, rest[0]!, 'Name');
  const object = nameObject();
  if (name === 'type') return { sql: raw(typeSql(parent)), field: found, object };
  const columns = parent.sources.flatMap((source) => {
    const own = source.object.fields.get(name) ?? titleField(source, name);
    return own === undefined ? [] : [source.column(own)];
  });
  return { sql: raw(coalesce(columns)), field: found, object };
}

/** SQL of the id of whichever record a polymorphic parent is. */
export const parentIdSql = (parent: Parent): string => coalesce(parent.sources.map((source) => `${source.alias}."Id"`));

/** Objects whose title is not called Name (CaseNumber, Subject) show it as Name. */
const titleField = (source: Source, name: string): FieldSchema | undefined =>
  name === 'name' ? [...source.object.fields.values()].find((each) => each.nameField) : undefined;

/** A queue is a Group whose type says Queue; every other object names itself. */
function typeSql(parent: Parent): string {
  const cases = parent.sources.map((source) => {
    const type = source.object.name === 'Group' ? `${source.alias}."Type"` : `'${source.object.name}'`;
    return `WHEN ${source.alias}."Id" IS NOT NULL THEN ${type}`;
  });
  return `(CASE ${cases.join(' ')} END)`;
}

const coalesce = (columns: string[]): string => {
  if (columns.length === 0) return 'NULL';
  return columns.length === 1 ? columns[0]! : `COALESCE(${columns.join(', ')})`;
};

const nameObject = (): ObjectSchema => ({
  name: 'Name',
  label: 'Name',
  labelPlural: 'Names',
  keyPrefix: '',
  kind: 'standard',
  createable: false,
  updateable: false,
  deletable: false,
  undeletable: false,
  queryable: true,
  mergeable: false,
  triggerable: false,
  fields: new Map(),
  validationRules: [],
  childRelationships: new Map(),
});
