import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { errorsOf, NOW, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';
import type { Value } from '../../../src/store/types.ts';

const SECOND = Math.floor(NOW / 1000) * 1000;

describe('insert', () => {
  let t: TestStore;
  before(() => (t = testStore()));

  const fieldsOf = (id: string, ...names: string[]): Value[] => {
    const [stored] = t.store.read('Book__c', [id]);
    return names.map((name) => stored!.values.get(name)!);
  };
  const refusal = (object: string, values: Record<string, Value>): string[] => {
    const [result] = t.save('insert', object, [values]);
    assert.equal(result!.success, false);
    assert.equal(result!.id, null);
    return errorsOf(result);
  };

  it('gives ids of 18 characters, by key prefix, in order', () => {
    const ids = t.save('insert', 'Account', [{ Name: 'A' }, { Name: 'B' }]).map((result) => result.id);
    assert.deepEqual(ids, ['001000000000001AAA', '001000000000002AAA']);
  });

  it('fills audit fields in whole seconds, owner and defaults', () => {
    const id = t.insert('Book__c', { Name: 'Defaults' });
    const expected = [SECOND, SECOND, SECOND, t.admin.userId, t.admin.userId, t.admin.userId, false];
    const audit = [
      'CreatedDate',
      'LastModifiedDate',
      'SystemModstamp',
      'CreatedById',
      'LastModifiedById',
      'OwnerId',
      'IsDeleted',
    ];
    assert.deepEqual(fieldsOf(id, ...audit), expected);
    assert.deepEqual(fieldsOf(id, 'Genre__c', 'Lendable__c', 'Source__c', 'Due__c', 'Mood__c'), [
      'Novel',
      true,
      'Purchase',
      '2026-01-29',
      null,
    ]);
  });

  it('keeps an explicit null where a default would stand', () => {
    const id = t.insert('Book__c', { Name: 'Nulls', Genre__c: null, Source__c: null, Lendable__c: null });
    assert.deepEqual(fieldsOf(id, 'Genre__c', 'Source__c', 'Lendable__c'), [null, null, true]);
  });

  it('numbers by the display format, and never takes a number back', () => {
    const year = new Date(NOW).getUTCFullYear();
    const [before] = fieldsOf(t.insert('Book__c', { Name: 'One' }), 'Inventory__c');
    const number = Number(String(before).slice(-3));
    t.save('insert', 'Book__c', [
      { Name: 'Fails in the end', Isbn__c: 'i1' },
      { Name: 'Duplicate', Isbn__c: 'i1' },
    ]);
    const [after] = fieldsOf(t.insert('Book__c', { Name: 'Two' }), 'Inventory__c');
    assert.equal(after, `INV-${year}-${String(number + 3).padStart(3, '0')}`);
  });

  it('names a record without a name by its id', () => {
    const id = t.insert('Book__c', {});
    assert.deepEqual(fieldsOf(id, 'Name'), [id]);
  });

  it('stores text trimmed, empty text as null, numbers rounded, times in seconds', () => {
    const id = t.insert('Book__c', {
      Name: '  Emma \n',
      Subtitle__c: '   ',
      Weight__c: 1.0005,
      Price__c: -0.0,
      Pages__c: 12.5,
      Acquired__c: NOW,
      Blurb__c: 'one\r\ntwo ',
    });
    assert.deepEqual(fieldsOf(id, 'Name', 'Subtitle__c', 'Weight__c', 'Pages__c', 'Acquired__c', 'Blurb__c'), [
      'Emma',
      null,
      1.001,
      13,
      SECOND,
      'one\r\ntwo',
    ]);
  });

  it('writes picklist values as the list has them', () => {
    const id = t.insert('Book__c', { Name: 'Cases', Genre__c: 'poetry', Mood__c: 'wild', Tags__c: 'SHORT; Classic' });
    assert.deepEqual(fieldsOf(id, 'Genre__c', 'Mood__c', 'Tags__c'), ['Poetry', 'Wild', 'short;classic']);
  });

  it('lets an open picklist take any value', () => {
    const id = t.insert('Book__c', { Name: 'Open', Mood__c: 'Melancholic' });
    assert.deepEqual(fieldsOf(id, 'Mood__c'), ['Melancholic']);
  });

  it('brings ids to 18 characters', () => {
    const account = t.insert('Account', { Name: 'House' });
    const id = t.insert('Book__c', { Name: 'Short id', Publisher__c: account.slice(0, 15) });
    assert.deepEqual(fieldsOf(id, 'Publisher__c'), [account]);
  });

  it('computes formulas, over parents too', () => {
    const account = t.insert('Account', { Name: 'House' });
    const id = t.insert('Book__c', {
      Name: 'Emma',
      Subtitle__c: 'A novel',
      Price__c: 9.99,
      Discount__c: 10,
      Publisher__c: account,
      Published__c: '1815-12-23',
    });
    assert.deepEqual(fieldsOf(id, 'Full_Title__c', 'Net_Price__c', 'Publisher_Name__c', 'Is_Old__c'), [
      'Emma: A novel',
      8.99,
      'House',
      true,
    ]);
  });

  describe('refuses', () => {
    const cases: [what: string, object: string, values: Record<string, Value>, errors: string[]][] = [
      [
        'what is missing',
        'Contact',
        {},
        ['REQUIRED_FIELD_MISSING: Required fields are missing: [LastName] [LastName]'],
      ],
      [
        'a detail without a master',
        'Copy__c',
        {},
        ['REQUIRED_FIELD_MISSING: Required fields are missing: [Book__c] [Book__c]'],
      ],
      [
        'blank text where a value is needed',
        'Account',
        { Name: '  ' },
        ['REQUIRED_FIELD_MISSING: Required fields are missing: [Name] [Name]'],
      ],
      [
        'text that is too long',
        'Book__c',
        { Subtitle__c: 'x'.repeat(51) },
        [`STRING_TOO_LONG: Subtitle: data value too large: ${'x'.repeat(51)} (max length=50) [Subtitle__c]`],
      ],
      [
        'a value outside a restricted picklist',
        'Book__c',
        { Genre__c: 'Drama' },
        ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: Genre: bad value for restricted picklist field: Drama [Genre__c]'],
      ],
      [
        'one bad value among several',
        'Book__c',
        { Tags__c: 'sad;blue' },
        ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: Tags: bad value for restricted picklist field: blue [Tags__c]'],
      ],
      [
        'a label of a global value set',
        'Book__c',
        { Language__c: 'English' },
        [
          'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: Language: bad value for restricted picklist field: English [Language__c]',
        ],
      ],
      [
        'what is not an email address',
        'Book__c',
        { Contact_Email__c: 'nobody@nowhere' },
        ['INVALID_EMAIL_ADDRESS: Contact Email: invalid email address: nobody@nowhere [Contact_Email__c]'],
      ],
      [
        'a number with too many digits',
        'Book__c',
        { Pages__c: 100000 },
        ['NUMBER_OUTSIDE_VALID_RANGE: Pages: value outside of valid range on numeric field: 100000 [Pages__c]'],
      ],
      [
        'an id of another object',
        'Book__c',
        { Publisher__c: '003000000000001AAA' },
        ['FIELD_INTEGRITY_EXCEPTION: Publisher: id value of incorrect type: 003000000000001AAA [Publisher__c]'],
      ],
      [
        'what is not an id',
        'Book__c',
        { Publisher__c: 'Acme' },
        ['MALFORMED_ID: Publisher: id value of incorrect type: Acme [Publisher__c]'],
      ],
      [
        'an id of nothing',
        'Book__c',
        { Publisher__c: '0010000000000zzAAA' },
        ['INVALID_CROSS_REFERENCE_KEY: invalid cross reference id [Publisher__c]'],
      ],
      [
        'a value of another type',
        'Book__c',
        { Pages__c: 'many' },
        ['INVALID_TYPE_ON_FIELD_IN_RECORD: Pages: value not of required type: many [Pages__c]'],
      ],
      [
        'a field that does not exist',
        'Book__c',
        { Colour__c: 'red' },
        ["INVALID_FIELD: No such column 'Colour__c' on sobject of type Book__c [Colour__c]"],
      ],
      [
        'an id that is given',
        'Book__c',
        { Id: 'a00000000000001AAA' },
        ['INVALID_FIELD_FOR_INSERT_UPDATE: cannot specify Id in an insert call [Id]'],
      ],
      [
        'what a validation rule forbids',
        'Book__c',
        { Price__c: -1 },
        ['FIELD_CUSTOM_VALIDATION_EXCEPTION: A price cannot be negative. [Price__c]'],
      ],
      [
        'what two rules forbid',
        'Book__c',
        { Price__c: -1, Genre__c: 'Essay' },
        [
          'FIELD_CUSTOM_VALIDATION_EXCEPTION: An essay needs its number of pages. [Pages__c]',
          'FIELD_CUSTOM_VALIDATION_EXCEPTION: A price cannot be negative. [Price__c]',
        ],
      ],
    ];
    for (const [what, object, values, errors] of cases)
      it(what, () => assert.deepEqual(refusal(object, values), errors));

    it('all that is wrong with a row at once', () => {
      const errors = refusal('Contact', { Email: 'x', Birthdate: '2000-01-01', FirstName: 'x'.repeat(41) });
      assert.deepEqual(
        errors.map((error) => error.split(':')[0]),
        ['REQUIRED_FIELD_MISSING', 'STRING_TOO_LONG', 'INVALID_EMAIL_ADDRESS'],
      );
    });
  });

  it('cuts over-long text when truncation is allowed', () => {
    const [result] = t.save('insert', 'Book__c', [{ Subtitle__c: 'x'.repeat(60) }], { allowTruncation: true });
    assert.equal(String(t.get('Book__c', result!.id!, 'Subtitle__c')).length, 50);
  });

  it('refuses read-only fields over the API and ignores them from Apex', () => {
    const values = { Name: 'Ro', Inventory__c: 'INV-1', CreatedDate: 0 };
    assert.deepEqual(errorsOf(t.save('insert', 'Book__c', [values], { source: 'api' })[0]), [
      'INVALID_FIELD_FOR_INSERT_UPDATE: Unable to create/update fields: Inventory__c, CreatedDate. Please check the security settings of this field and verify that it is read/write for your profile or permission set. [Inventory__c, CreatedDate]',
    ]);
    const id = t.insert('Book__c', values);
    assert.deepEqual(fieldsOf(id, 'CreatedDate'), [SECOND]);
  });

  it('refuses objects whose rows are metadata', () => {
    assert.throws(() => t.insert('Tariff__mdt', {}), { code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' });
  });

  it('refuses an object that does not exist', () => {
    assert.throws(() => t.insert('Nothing__c', {}), { code: 'INVALID_TYPE' });
  });
});
