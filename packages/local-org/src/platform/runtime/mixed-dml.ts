import type { ObjectSchema } from '../../store/types.ts';
import type { Apex } from '../types.ts';
import { dmlException, SObject } from '../values/index.ts';
import type { ApexTransaction } from './transaction.ts';

/**
 * Objects that may not be written in one transaction with others. Page: Apex Developer Guide, "sObjects
 * That Cannot Be Used Together in DML Operations".
 */
const SETUP_OBJECTS = new Set([
  'fieldpermissions',
  'group',
  'groupmember',
  'objectpermissions',
  'permissionset',
  'permissionsetassignment',
  'profile',
  'queuesobject',
  'setupentityaccess',
  'user',
  'userrole',
]);

/** MIXED_DML_OPERATION when setup objects and others meet. System.runAs begins anew. */
export const checkMixedDml = (transaction: ApexTransaction, object: ObjectSchema, record: Apex, verb: string): void => {
  if (object.kind === 'platformEvent') return;
  // A new user without a role does not affect what others see.
  if (object.name === 'User' && record instanceof SObject && record.id === null && record.peek('UserRoleId') === null)
    return;
  const setup = SETUP_OBJECTS.has(object.name.toLowerCase());
  const { written } = transaction.unit;
  if (written === null) {
    transaction.unit.written = { setup, object: object.name };
  } else if (written.setup !== setup) {
    const message = `DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): ${object.name}, original object: ${written.object}`;
    throw dmlException(verb, [
      { index: 0, id: null, object: object.name, errors: [{ code: 'MIXED_DML_OPERATION', message, fields: [] }] },
    ]);
  }
};
