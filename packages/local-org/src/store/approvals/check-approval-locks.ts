import type { SaveServices } from '../save/context.ts';
import { saveError, type Entry } from '../save/entry.ts';
import type { Access, ObjectSchema } from '../types.ts';
import { mayDecide } from './actors.ts';
import { processOf } from './processes.ts';

type Services = Pick<SaveServices, 'schema' | 'records' | 'approvalLocks' | 'permissions' | 'platformRows'>;

const LOCKED = saveError('ENTITY_IS_LOCKED', 'This record is locked. If you need to edit it, contact your admin.');

/**
 * Step of an update or delete: a locked record is for those who may modify all records of its object, and for its approvers
 * where the process lets them. It binds Apex in system mode too.
 */
export function checkApprovalLocks(
  services: Services,
  object: ObjectSchema,
  { userId }: Access,
  entries: Entry[],
): void {
  const locks = services.approvalLocks.of(entries.flatMap(({ id }) => id ?? []));
  if (locks.size === 0 || services.permissions.object(userId, object.name, 'modifyAll')) return;
  for (const entry of entries) {
    const instance = locks.get(entry.id ?? '');
    if (entry.errors.length > 0 || instance === undefined) continue;
    if (instance === null || !approverMayEdit(services, userId, instance)) entry.errors.push(LOCKED);
  }
}

const approverMayEdit = (services: Services, userId: string, instance: string): boolean =>
  processOf(services, instance)?.approverEdits === true &&
  services.platformRows
    .ids('ProcessInstanceWorkitem', { ProcessInstanceId: instance })
    .some((item) => mayDecide(services, userId, item));
