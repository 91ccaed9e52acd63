/** Who is meant by what a process says of people. */
import { idOfNamed } from '../automation/named-records.ts';
import type { SaveServices } from '../save/context.ts';
import type { ObjectSchema, Row } from '../types.ts';
import type { Person } from './types.ts';

type Services = Pick<SaveServices, 'schema' | 'records' | 'permissions' | 'platformRows'>;

/** Whose decision it is: of the user, or of a queue that the user is in. */
export function mayDecide({ platformRows, permissions }: Services, userId: string, workitemId: string): boolean {
  const actor = platformRows.value('ProcessInstanceWorkitem', workitemId, 'ActorId');
  return actor === userId || permissions.groups(userId).includes(String(actor));
}

/** What people are looked up by. */
export interface Around {
  object: ObjectSchema;
  row: Row;
  submitterId: string;
  chosen: string[];
}

/** Ids of users or groups; none when nobody is there. */
export function idsOf(services: Services, person: Person, around: Around): string[] {
  switch (person.kind) {
    case 'user':
      return listed(idOfNamed(services, 'User', person.name, around.object));
    case 'queue':
      return listed(idOfNamed(services, 'Queue', person.name, around.object));
    case 'group':
      return listed(services.platformRows.find('Group', { DeveloperName: person.name }));
    case 'field':
      return listed(around.row.values.get(person.field) ?? null);
    case 'hierarchy':
      return listed(services.platformRows.value('User', around.submitterId, `${person.field}Id`));
    case 'chosen':
      return around.chosen;
    case 'everybody':
      return [around.submitterId];
  }
}

const listed = (id: unknown): string[] => (typeof id === 'string' && id !== '' ? [id] : []);

/** Whether the user is one of these people, or in a group of theirs. */
export function isOneOf(services: Services, userId: string, people: readonly Person[], around: Around): boolean {
  const groups = services.permissions.groups(userId);
  return people.some((person) => idsOf(services, person, around).some((id) => id === userId || groups.includes(id)));
}
