/** Compound addresses as Apex and REST clients meet them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { orgWith, query, request, run, type Fixture } from './org-fixture.ts';

const ADDRESS = {
  city: 'Bogotá',
  country: 'Colombia',
  geocodeAccuracy: null,
  latitude: 4.711,
  longitude: -74,
  postalCode: '110111',
  state: null,
  street: 'Calle 1\nNo. "2"',
};

const KEEPER = `public class Keeper implements Queueable {
  Account kept;
  public Keeper(Account kept) { this.kept = kept; }
  public void execute(QueueableContext context) {
    update new Account(Id = kept.Id, Site = kept.BillingAddress.getCity());
  }
}`;

const SEEN = `trigger Seen on Contact (before insert) {
  for (Contact person : Trigger.new) person.Department = person.OtherCity + ' ' + person.OtherAddress;
}`;

describe('a compound address', () => {
  let fixture: Fixture;
  let known: string;
  let blank: string;
  const refusal = async (soql: string): Promise<string[]> => {
    const { status, body } = await request(fixture, 'GET', `/query?q=${encodeURIComponent(soql)}`);
    return [String(status), body[0].errorCode, body[0].message.split('\n').at(-1)];
  };
  const compileProblem = (apex: string): string | null => fixture.org.executeAnonymous(apex).compileProblem;

  before(async () => {
    fixture = orgWith({ 'Keeper.cls': KEEPER, 'Seen.trigger': SEEN });
    const insert = async (type: string, record: Record<string, unknown>): Promise<string> =>
      (await request(fixture, 'POST', `/sobjects/${type}`, record)).body.id as string;
    known = await insert('Account', {
      Name: 'Known',
      BillingCity: ADDRESS.city,
      BillingCountry: ADDRESS.country,
      BillingLatitude: ADDRESS.latitude,
      BillingLongitude: ADDRESS.longitude,
      BillingPostalCode: ADDRESS.postalCode,
      BillingStreet: ADDRESS.street,
    });
    blank = await insert('Account', { Name: 'Blank' });
    await insert('Contact', { LastName: 'L', AccountId: known, OtherCity: 'Cali' });
    await insert('Lead', { LastName: 'L', Company: 'C', City: 'Cali' });
  });
  after(() => fixture.close());

  test('is an object of its parts in queries, of parents and children too, and null when all of them are empty', async () => {
    const [first, second] = await query(
      fixture,
      'SELECT BillingAddress, ShippingAddress, (SELECT OtherAddress FROM Contacts) FROM Account ORDER BY Name DESC',
    );
    assert.deepEqual(first.BillingAddress, ADDRESS);
    assert.deepEqual(Object.keys(first.BillingAddress), Object.keys(ADDRESS), 'in the order of their names');
    assert.equal(first.ShippingAddress, null);
    assert.equal(first.Contacts.records[0].OtherAddress.city, 'Cali');
    assert.equal(second.BillingAddress, null);
    const [contact] = await query(fixture, 'SELECT Account.BillingAddress, MailingAddress FROM Contact');
    assert.deepEqual([contact.Account.BillingAddress, contact.MailingAddress], [ADDRESS, null]);
    assert.equal((await query(fixture, 'SELECT Address FROM Lead'))[0].Address.city, 'Cali');
    assert.deepEqual((await query(fixture, 'SELECT Address FROM User LIMIT 1'))[0], { Address: null });
  });

  test('comes with FIELDS() and with a record that is read', async () => {
    for (const fields of ['FIELDS(ALL)', 'FIELDS(STANDARD)']) {
      const [account] = await query(fixture, `SELECT ${fields} FROM Account WHERE Id = '${known}' LIMIT 1`);
      assert.deepEqual(account.BillingAddress, ADDRESS, fields);
    }
    assert.deepEqual((await request(fixture, 'GET', `/sobjects/Account/${known}`)).body.BillingAddress, ADDRESS);
    const { body } = await request(fixture, 'GET', `/sobjects/Account/${known}?fields=BillingAddress`);
    assert.deepEqual(body.BillingAddress, ADDRESS);
    const composite = await request(fixture, 'POST', '/composite', {
      compositeRequest: [
        {
          method: 'GET',
          referenceId: 'a',
          url: `/services/data/v67.0/sobjects/Account/${known}?fields=BillingAddress`,
        },
        {
          method: 'GET',
          referenceId: 'b',
          url: `/services/data/v67.0/queryAll?q=SELECT+Id+FROM+Account+WHERE+Site='@{a.BillingAddress.city}'`,
        },
      ],
    });
    assert.deepEqual(
      composite.body.compositeResponse.map(({ httpStatusCode }: { httpStatusCode: number }) => httpStatusCode),
      [200, 200],
    );
  });

  test('can be neither filtered, sorted, grouped nor counted', async () => {
    assert.deepEqual(await refusal("SELECT Id FROM Account WHERE BillingAddress = 'x'"), [
      '400',
      'INVALID_FIELD',
      "field 'BillingAddress' can not be filtered in a query call",
    ]);
    assert.deepEqual(await refusal('SELECT Id FROM Account WHERE BillingAddress = null'), [
      '400',
      'INVALID_FIELD',
      "field 'BillingAddress' can not be filtered in a query call",
    ]);
    assert.deepEqual(await refusal('SELECT Id FROM Account ORDER BY BillingAddress'), [
      '400',
      'INVALID_FIELD',
      "field 'BillingAddress' can not be sorted in a query call",
    ]);
    assert.deepEqual(await refusal('SELECT BillingAddress FROM Account GROUP BY BillingAddress'), [
      '400',
      'INVALID_FIELD',
      "field 'BillingAddress' can not be grouped in a query call",
    ]);
    assert.deepEqual(await refusal('SELECT COUNT(BillingAddress) FROM Account'), [
      '400',
      'INVALID_FIELD',
      'field BillingAddress does not support aggregate operator COUNT',
    ]);
  });

  test('is described as read-only, and its parts name it', async () => {
    const { fields } = (await request(fixture, 'GET', '/sobjects/Account/describe')).body;
    const described = (name: string): Record<string, unknown> =>
      fields.find((field: { name: string }) => field.name === name);
    const { type, soapType, createable, updateable, groupable, sortable, compoundFieldName } =
      described('BillingAddress');
    assert.deepEqual(
      { type, soapType, createable, updateable, groupable, sortable, compoundFieldName },
      {
        type: 'address',
        soapType: 'urn:address',
        createable: false,
        updateable: false,
        groupable: false,
        sortable: false,
        compoundFieldName: null,
      },
    );
    const partsOf = (address: string): string[] =>
      fields
        .filter((field: { compoundFieldName: string | null }) => field.compoundFieldName === address)
        .map(({ name }: { name: string }) => name.slice(address.indexOf('Address')));
    const parts = ['City', 'Country', 'GeocodeAccuracy', 'Latitude', 'Longitude', 'PostalCode', 'State', 'Street'];
    for (const address of ['BillingAddress', 'ShippingAddress']) assert.deepEqual(partsOf(address).sort(), parts);
    assert.equal(described('Name').compoundFieldName, null);
  });

  test('cannot be written over REST', async () => {
    const refused = {
      message:
        'Unable to create/update fields: BillingAddress. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      fields: ['BillingAddress'],
    };
    for (const value of [ADDRESS, 'Calle 1', null]) {
      const created = await request(fixture, 'POST', '/sobjects/Account', { Name: 'New', BillingAddress: value });
      assert.deepEqual([created.status, created.body], [400, [refused]]);
      const updated = await request(fixture, 'PATCH', `/sobjects/Account/${known}`, { BillingAddress: value });
      assert.deepEqual([updated.status, updated.body], [400, [refused]]);
    }
  });

  test('is a System.Address in Apex, with methods and properties', () => {
    assert.deepEqual(
      run(
        fixture,
        `Account known = [SELECT BillingAddress, ShippingAddress FROM Account WHERE Id = '${known}'];
         Address billing = known.BillingAddress;
         System.debug(billing.getCity() + '|' + billing.city + '|' + billing.getState() + '|' + billing.getCountryCode());
         System.debug(billing.getLatitude() + '|' + billing.getLongitude());
         System.debug(billing.getStreet() == billing.street);
         System.debug(known.ShippingAddress == null);
         Contact someone = [SELECT Account.BillingAddress FROM Contact];
         System.debug(someone.Account.BillingAddress == billing);
         System.debug(((Address) known.get('BillingAddress')).getPostalCode());`,
      ),
      ['Bogotá|Bogotá|null|null', '4.711|-74.0', 'true', 'true', 'true', '110111'],
    );
  });

  test('is null in a trigger, whose parts are there', async () => {
    assert.deepEqual(await query(fixture, 'SELECT Department FROM Contact'), [{ Department: 'Cali null' }]);
  });

  test('that Apex did not query cannot be read, and none can be assigned', () => {
    assert.deepEqual(
      run(
        fixture,
        `Account known = [SELECT Id FROM Account WHERE Id = '${known}'];
         try { System.debug(known.BillingAddress); } catch (SObjectException e) { System.debug(e.getMessage()); }
         try { known.put('BillingAddress', null); } catch (SObjectException e) { System.debug(e.getMessage()); }`,
      ),
      [
        'SObject row was retrieved via SOQL without querying the requested field: Account.BillingAddress',
        'Field is not editable: BillingAddress',
      ],
    );
    assert.match(compileProblem('Account a = new Account(); a.BillingAddress = null;')!, /Field is not writeable/);
    assert.match(compileProblem('Account a = new Account(BillingAddress = null);')!, /Field is not writeable/);
  });

  test('that was queried does not hinder a save, and goes through JSON and jobs', async () => {
    assert.deepEqual(
      run(
        fixture,
        `Account known = [SELECT Name, BillingAddress FROM Account WHERE Id = '${known}'];
         known.Name = 'Renamed';
         update known;
         Account copy = (Account) JSON.deserialize(JSON.serialize(known), Account.class);
         System.debug(copy.BillingAddress == known.BillingAddress);
         System.enqueueJob(new Keeper(known));`,
      ),
      ['true'],
    );
    assert.equal(fixture.org.runDue(), 1);
    const [account] = await query(fixture, `SELECT Name, Site, BillingAddress FROM Account WHERE Id = '${known}'`);
    assert.deepEqual(account, { Name: 'Renamed', Site: ADDRESS.city, BillingAddress: ADDRESS });
  });

  test('distances between addresses are refused by name', () => {
    assert.match(
      compileProblem(`Address none = [SELECT BillingAddress FROM Account WHERE Id = '${blank}'].BillingAddress;
        System.debug(none.getDistance(null, 'km'));`)!,
      /getDistance/,
    );
  });
});
