/** Rows that tell of an org's rules, as its APIs list them, and whether whom the rules name is there. */
import { ownersIn } from '../automation/assignment.ts';
import type { OwnerName } from '../automation/types.ts';
import type { PlatformRows } from '../records/platform-rows.ts';
import type { ObjectSchema, Schema } from '../types.ts';

/** A rule whose metadata is gone has no row any more. */
export function writeAutomation(rows: PlatformRows, schema: Schema): void {
  const objects = [...schema.objects.values()];
  rows.keepOnly(
    'AssignmentRule',
    objects.flatMap((object) => writeAssignmentRules(rows, object)),
  );
}

const writeAssignmentRules = (
  rows: PlatformRows,
  { name: SobjectType, assignmentRules = [] }: ObjectSchema,
): string[] =>
  assignmentRules.map(({ name, active }) =>
    rows.ensure('AssignmentRule', { SobjectType, Name: name }, { Active: active }),
  );

/** What is wrong with the owners that an object's rules name: users and queues must be there, and a queue must take the object. */
export function ownerProblems(rows: PlatformRows, object: ObjectSchema): string[] {
  return ownersIn(object).flatMap((owner) => ownerProblem(rows, object, owner) ?? []);
}

function ownerProblem(rows: PlatformRows, object: ObjectSchema, { type, name }: OwnerName): string | null {
  if (type === 'User') return rows.find('User', { Username: name }) === null ? `no User named ${name} found` : null;
  const queue = rows.find('Group', { DeveloperName: name, Type: 'Queue' });
  if (queue === null) return `no Queue named ${name} found`;
  const takes = rows.find('QueueSobject', { QueueId: queue, SobjectType: object.name });
  return takes === null ? `the queue ${name} does not take ${object.labelPlural}` : null;
}
