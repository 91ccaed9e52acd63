import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Access, Value } from '../../../src/store/types.ts';
import { errorsOf, NOTHING, NOW, person, SHOP, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

const REFUSED =
  'FAILED_ACTIVATION: Choose a valid contract status and save your changes. Ask your admin for details. [Status]';
const READ_ONLY = 'INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id []';

describe('a contract', () => {
  let t: TestStore;
  let account: string;
  let contract: string;
  beforeEach(() => {
    t = testStore({ packageDirs: [SHOP] });
    account = t.insert('Account', { Name: 'Magic' });
    contract = t.insert('Contract', { AccountId: account });
  });
  const get = (field: string): Value | undefined => t.get('Contract', contract, field);
  const set = (values: Record<string, Value>, access: Access = t.admin): string[] =>
    errorsOf(t.save('update', 'Contract', [{ Id: contract, ...values }], { access })[0]);
  const activate = (): void => assert.deepEqual(set({ Status: 'Activated' }), []);

  it('begins as a draft of an account, with a number', () => {
    assert.deepEqual([get('Status'), get('StatusCode'), get('ContractNumber')], ['Draft', 'Draft', '00000100']);
    assert.match(errorsOf(t.save('insert', 'Contract', [{}])[0])[0]!, /^REQUIRED_FIELD_MISSING: .*AccountId/);
  });

  it('ends on the last day of its term', () => {
    const end = (StartDate: Value, ContractTerm: Value): Value | undefined => {
      set({ StartDate, ContractTerm });
      return get('EndDate');
    };
    assert.equal(end('2026-01-01', 12), '2026-12-31');
    assert.equal(end('2026-01-15', 1), '2026-02-14');
    assert.equal(end('2026-01-31', 1), '2026-02-27');
    assert.equal(end('2026-01-01', null), null);
    assert.equal(end(null, 12), null);
  });

  it('is activated from a draft or an approval, and tells when and by whom', () => {
    assert.deepEqual(set({ Status: 'In Approval Process' }), []);
    assert.equal(get('StatusCode'), 'InApproval');
    activate();
    const moment = Math.floor(NOW / 1000) * 1000;
    assert.deepEqual(
      [get('StatusCode'), get('ActivatedDate'), get('ActivatedById')],
      ['Activated', moment, t.admin.userId],
    );
  });

  it('is not inserted as an active one, and does not go back', () => {
    assert.deepEqual(errorsOf(t.save('insert', 'Contract', [{ AccountId: account, Status: 'Activated' }])[0]), [
      REFUSED,
    ]);
    activate();
    for (const Status of ['Draft', 'In Approval Process']) assert.deepEqual(set({ Status }), [REFUSED]);
    assert.deepEqual(set({ Status: 'Activated' }), []);
  });

  it('is activated by who may activate contracts alone', () => {
    const seller = person(t, NOTHING, 'Seller');
    assert.deepEqual(set({ Status: 'Activated' }, seller), [
      'INSUFFICIENT_ACCESS_OR_READONLY: You need the permission Activate Contracts to activate a contract. [Status]',
    ]);
    assert.deepEqual(set({ Status: 'Activated' }, person(t, NOTHING, 'Seller', 'Contract_Activator')), []);
  });

  it('that is active is read-only for who may not modify all, its owner too', () => {
    const seller = person(t, NOTHING, 'Seller', 'Contract_Activator');
    assert.deepEqual(set({ OwnerId: seller.userId }), []);
    assert.deepEqual(set({ Description: 'draft' }, seller), []);
    activate();
    assert.deepEqual(set({ Description: 'x' }, seller), [READ_ONLY]);
    assert.deepEqual(set({ Description: 'x' }, { ...seller, mode: 'system', sharing: true }), [READ_ONLY]);
    assert.deepEqual(set({ Description: 'x' }, { ...seller, mode: 'system', sharing: false }), []);
    assert.deepEqual(set({ Description: 'y' }), []);
  });

  it('that is active keeps its account, whoever asks', () => {
    const other = t.insert('Account', { Name: 'Other' });
    assert.deepEqual(set({ AccountId: other }), []);
    activate();
    assert.deepEqual(set({ AccountId: account }), ['ENTITY_IS_LOCKED: the entity is locked for editing []']);
  });

  it('that is active is deleted and restored by who may delete active contracts', () => {
    const seller = person(t, NOTHING, 'Seller');
    const deleter = person(t, NOTHING, 'Seller', 'Contract_Deleter');
    activate();
    const run = (operation: 'delete' | 'undelete', access: Access): string[] =>
      errorsOf(t.save(operation, 'Contract', [{ Id: contract }], { access })[0]);
    assert.deepEqual(run('delete', seller), [READ_ONLY]);
    assert.deepEqual(run('delete', deleter), []);
    assert.deepEqual(run('undelete', seller), [READ_ONLY]);
    assert.deepEqual(run('undelete', deleter), []);
  });

  it('that is active takes details of those who may read it, where the master-detail says that this is enough', () => {
    const seller = person(t, NOTHING, 'Seller');
    activate();
    const add = (object: string, values: Record<string, Value> = {}): string[] =>
      errorsOf(t.save('insert', object, [{ Contract__c: contract, ...values }], { access: seller })[0]);
    assert.deepEqual(add('Delivery__c', { Amount__c: 2.5 }), []);
    assert.equal(get('Delivered__c'), 2.5);
    assert.deepEqual(add('Complaint__c'), [
      `INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: insufficient access rights on cross-reference id: ${contract.slice(0, 15)} []`,
    ]);
    const complaint = t.insert('Complaint__c', { Contract__c: contract });
    const change = (operation: 'update' | 'delete'): string[] =>
      errorsOf(t.save(operation, 'Complaint__c', [{ Id: complaint }], { access: seller })[0]);
    assert.deepEqual([change('update'), change('delete')], [[READ_ONLY], [READ_ONLY]]);
  });

  it('moves to the winner when its account loses a merge', () => {
    activate();
    const winner = t.insert('Account', { Name: 'Winner' });
    const transaction = t.store.begin();
    const master = { object: 'Account', id: winner, values: new Map() };
    const merged = t.store.merge(master, [account], t.admin, { hasTriggers: () => false, fire: () => [] });
    transaction.commit();
    assert.equal(merged.success, true);
    assert.equal(get('AccountId'), winner);
  });

  it('has its statuses and their categories in ContractStatus', () => {
    assert.deepEqual(t.query('SELECT ApiName, StatusCode, IsDefault FROM ContractStatus ORDER BY SortOrder'), [
      { ApiName: 'In Approval Process', StatusCode: 'InApproval', IsDefault: false },
      { ApiName: 'Activated', StatusCode: 'Activated', IsDefault: false },
      { ApiName: 'Draft', StatusCode: 'Draft', IsDefault: true },
    ]);
  });
});
