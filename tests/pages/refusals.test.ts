import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apexAction } from './support/apex-action.ts';
import type { OrgSession } from './support/org-session.ts';
import { uiRecord } from './support/ui-record.ts';

const ID = '500000000000001AAA';

/** An org with one object and no records. */
const session: OrgSession = async (_method, path) =>
  path === '/sobjects'
    ? { status: 200, body: { sobjects: [{ name: 'Case', keyPrefix: '500' }] } }
    : { status: 200, body: { fields: [{ name: 'Subject', type: 'string' }] } };

const fields = (list: string): URLSearchParams => new URLSearchParams({ fields: list });

test('fields of related records are refused by name', async () => {
  await assert.rejects(
    uiRecord(session, ID, fields('Case.Account.Name')),
    /Case\.Account\.Name is not a field of Case/,
  );
});

test('a record of an object that the person does not know is not found', async () => {
  assert.equal((await uiRecord(session, '001000000000001AAA', fields('Account.Name'))).status, 404);
});

test('Apex that components may not call is refused by name', async () => {
  await assert.rejects(apexAction(session, 'NoSuchClass.run', {}), /there is no class NoSuchClass/);
  await assert.rejects(
    apexAction(session, 'CaseRetryService.retry', {}),
    /CaseRetryService\.retry is not an @AuraEnabled/,
  );
});
