import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LocalStore } from '../../../src/store/local-store.ts';
import type { SaveResult } from '../../../src/store/types.ts';
import { errorsOf, row, type TestStore } from '../open.ts';
import { matchingRules, duplicateRule, noting, storeWith, validationRule, xml } from './support.ts';

const EMAIL = matchingRules('Contact', [{ name: 'Email', fields: ['Email'] }]);

/** A store whose Contacts are compared by email. */
const storeOf = (rule: Parameters<typeof duplicateRule>[1] = {}, matching = EMAIL): TestStore =>
  storeWith({ ...matching, ...duplicateRule('Contact.Same', { matching: ['Email'], ...rule }) });

/** Saves a Contact as somebody who goes on where a rule lets them. */
const insist = (t: TestStore, values: Record<string, string | null>): SaveResult => {
  const rows = [{ ...row('Contact', values), duplicateChoice: { allowSave: true, asUser: false } }];
  return t.save('insert', 'Contact', [], { rows })[0]!;
};

const named = (Email: string | null, LastName = 'L'): Record<string, string | null> => ({ LastName, Email });

describe('a duplicate rule', () => {
  it('blocks what agrees with a stored record, in whatever case, and tells the rule and the records', () => {
    const t = storeOf({ onInsert: 'Block' });
    const id = t.insert('Contact', named('a@example.com'));
    const [result] = t.save('insert', 'Contact', [named('A@Example.com')]);
    assert.deepEqual(errorsOf(result), [
      "DUPLICATES_DETECTED: You're creating a duplicate record. We recommend you use an existing record instead. []",
    ]);
    assert.deepEqual(result!.errors[0]!.duplicates, {
      rule: 'Same',
      object: 'Contact',
      allowSave: false,
      matches: [{ rule: 'Email', ids: [id] }],
    });
    assert.equal(insist(t, named('a@example.com')).success, false);
  });

  it('that alerts lets those through who go on, and speaks in its own words', () => {
    const t = storeOf({ onInsert: 'Allow', alerts: true, alertText: 'Use one of these records?' });
    t.insert('Contact', named('a@example.com'));
    const [refused] = t.save('insert', 'Contact', [named('a@example.com')]);
    assert.deepEqual(errorsOf(refused), ['DUPLICATES_DETECTED: Use one of these records? []']);
    assert.equal(refused!.errors[0]!.duplicates!.allowSave, true);
    assert.equal(insist(t, named('a@example.com')).success, true);
  });

  it('that neither blocks nor alerts refuses nothing', () => {
    const t = storeOf({ onInsert: 'Allow' });
    t.insert('Contact', named('a@example.com'));
    t.insert('Contact', named('a@example.com'));
  });

  it('runs behind triggers and validation rules, before the record is stored', () => {
    const t = storeWith({
      ...EMAIL,
      ...duplicateRule('Contact.Same', { matching: ['Email'], onInsert: 'Block' }),
      ...validationRule('Contact', 'Named', 'LastName = "No"'),
    });
    t.insert('Contact', named('a@example.com'));
    const [triggers, seen] = noting('Email', (call) => {
      for (const row of call.newRows ?? []) row.values.set('Email', 'a@example.com');
    });
    const [set] = t.save('insert', 'Contact', [named(null)], {}, triggers);
    assert.match(errorsOf(set)[0]!, /^DUPLICATES_DETECTED/, 'what a before trigger set counts');
    assert.deepEqual(seen, ['before insert null']);
    const [both] = t.save('insert', 'Contact', [named('a@example.com', 'No')]);
    assert.deepEqual(errorsOf(both), ['FIELD_CUSTOM_VALIDATION_EXCEPTION: Named []']);
  });

  it('compares with stored records, not with others of the request', () => {
    const t = storeOf({ onInsert: 'Block' });
    const twins = t.save('insert', 'Contact', [named('a@example.com'), named('a@example.com')]);
    assert.ok(twins.every(({ success }) => success));
  });

  it('fails alone: others of the request are saved', () => {
    const t = storeOf({ onInsert: 'Block' });
    t.insert('Contact', named('a@example.com'));
    const results = t.save('insert', 'Contact', [named('a@example.com'), named('b@example.com')], { allOrNone: false });
    assert.deepEqual(
      results.map(({ success }) => success),
      [false, true],
    );
  });

  it('asks of an update only when that changes what is compared', () => {
    const t = storeOf({ onInsert: 'Allow', onUpdate: 'Block' });
    t.insert('Contact', named('a@example.com'));
    const Id = t.insert('Contact', named('a@example.com'));
    assert.equal(t.save('update', 'Contact', [{ Id, LastName: 'Other' }])[0]!.success, true);
    assert.equal(t.save('update', 'Contact', [{ Id, Email: 'b@example.com' }])[0]!.success, true);
    assert.match(
      errorsOf(t.save('update', 'Contact', [{ Id, Email: 'a@example.com' }])[0])[0]!,
      /^DUPLICATES_DETECTED/,
    );
  });

  it('counts for records that meet its filter, of the record or of who saves', () => {
    const filter = (table: string, field: string, value: string): string =>
      `<duplicateRuleFilter><booleanFilter/><duplicateRuleFilterItems>${xml({ field, operation: 'notEqual', value, sortOrder: '1', table })}</duplicateRuleFilterItems></duplicateRuleFilter>`;
    const t = storeOf({ onInsert: 'Block', filter: filter('Contact', 'LastName', 'Exempt') });
    t.insert('Contact', named('a@example.com'));
    t.insert('Contact', named('a@example.com', 'Exempt'));
    assert.equal(t.save('insert', 'Contact', [named('a@example.com')])[0]!.success, false);
    const [{ Username }] = t.query("SELECT Username FROM User WHERE Alias = 'admin'") as [{ Username: string }];
    const integration = storeOf({ onInsert: 'Block', filter: filter('User', 'Username', Username) });
    integration.insert('Contact', named('a@example.com'));
    integration.insert('Contact', named('a@example.com'));
  });

  it('compares by the logic of its matching rule; empty values are the same only where it says so', () => {
    const phones = matchingRules('Contact', [
      { name: 'Email', fields: ['Email', 'Phone', 'LastName'], logic: '(1 OR 2) AND 3' },
    ]);
    const t = storeOf({ onInsert: 'Block' }, phones);
    t.insert('Contact', { LastName: 'L', Email: 'a@example.com', Phone: '1' });
    assert.equal(t.save('insert', 'Contact', [{ LastName: 'L', Phone: '1' }])[0]!.success, false);
    assert.equal(t.save('insert', 'Contact', [{ LastName: 'M', Phone: '1' }])[0]!.success, true);
    t.insert('Contact', { LastName: 'Without' });
    t.insert('Contact', { LastName: 'Without' });
    const blank = storeOf(
      { onInsert: 'Block' },
      matchingRules('Contact', [{ name: 'Email', fields: ['Email', 'LastName'], blanks: 'MatchBlanks' }]),
    );
    blank.insert('Contact', { LastName: 'Without' });
    assert.equal(blank.save('insert', 'Contact', [{ LastName: 'Without' }])[0]!.success, false);
  });

  it('that is off, or deleted records, refuse nothing', () => {
    const off = storeOf({ onInsert: 'Block', active: false });
    off.insert('Contact', named('a@example.com'));
    off.insert('Contact', named('a@example.com'));
    const t = storeOf({ onInsert: 'Block' });
    const Id = t.insert('Contact', named('a@example.com'));
    t.save('delete', 'Contact', [{ Id }]);
    t.insert('Contact', named('a@example.com'));
  });

  it('is a row for those who ask which rules there are', () => {
    assert.deepEqual(storeOf().query('SELECT SobjectType, DeveloperName, MasterLabel, IsActive FROM DuplicateRule'), [
      { SobjectType: 'Contact', DeveloperName: 'Same', MasterLabel: 'Same', IsActive: true },
    ]);
  });
});

describe('metadata of duplicates', () => {
  const unsupported = (t: TestStore): string[] => (t.store as LocalStore).unsupported.map(({ problem }) => problem);

  it('is for accounts, contacts, leads and custom objects', () => {
    assert.throws(
      () => storeWith(matchingRules('Case', [{ name: 'Subject', fields: ['Subject'] }])),
      /Case has no duplicate management/,
    );
  });

  it('that compares vaguely, with other objects or by rules that are not there tells that it does not', () => {
    const vague = matchingRules('Contact', [{ name: 'Email', fields: ['LastName'], method: 'LastName' }]);
    assert.deepEqual(unsupported(storeOf({}, vague)), [
      'matching rule Email: the method LastName compares exactly here',
    ]);
    const elsewhere = `<duplicateRuleMatchRules>${xml({ matchRuleSObjectType: 'Lead', matchingRule: 'Standard_Lead' })}</duplicateRuleMatchRules>`;
    assert.deepEqual(unsupported(storeOf({ matching: ['Nowhere'], more: elsewhere })), [
      'the matching rule Nowhere is not there or not active: it finds nothing here',
      'comparing with records of Lead has no effect here',
    ]);
  });
});
