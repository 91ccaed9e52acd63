/** A feed from its view into an org, day by day. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { json, TransportError, type HttpResponse } from 'kernel/http.ts';
import { FeedConfig } from '../../src/feeds/config.ts';
import { runFeed, type RunOutcome } from '../../src/feeds/run.ts';
import { account, accounts, CONFIG, Retail } from './support/retail.ts';

const ALL = 'SELECT Key__c, Name, Phone, Limit__c, Active__c, Since__c FROM Account ORDER BY Key__c';

const countsOf = ({ counts }: RunOutcome): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

describe('a feed of accounts, day by day', () => {
  let retail: Retail;
  const rows = accounts(450);
  before(async () => {
    retail = await Retail.open();
  });
  after(() => retail.close());

  it('first load: every row arrives, exact, in as many calls as it takes', async () => {
    rows[0] = account('0001', { credit: '99999999999999.1234', since: '1900-01-01', phone: '  ', active: 'N' });
    retail.list('accounts', rows);
    const bodies: string[] = [];
    retail.intercept = async ({ body }) => (bodies.push(body), null);
    const outcome = await retail.run('accounts');
    retail.intercept = async () => null;
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.match(bodies.join(), /"Limit__c":99999999999999\.1234,/);
    assert.deepEqual(countsOf(outcome), { read: 450, created: 450 });
    const held = await retail.held(ALL);
    assert.equal(held.length, 450);
    assert.deepEqual(held[0], {
      Key__c: 'ACME-0001',
      Name: 'account 0001',
      Phone: null,
      Limit__c: Number('99999999999999.1234'),
      Active__c: false,
      Since__c: null,
    });
    assert.ok(outcome.apiCalls <= Math.ceil(450 / 200) + 6, `${outcome.apiCalls} calls`);
  });

  it('the next day costs no write when nothing changed', async () => {
    const outcome = await retail.run('accounts');
    assert.deepEqual(countsOf(outcome), { read: 450, unchanged: 450 });
    assert.deepEqual(
      retail.sent.filter((sent) => sent.includes('/composite/')),
      [],
    );
    assert.ok(outcome.apiCalls <= 6, retail.sent.join());
  });

  it('a changed row is written alone, a new one is made, one that vanished is told', async () => {
    rows[1] = account('0002', { name: 'renamed' });
    const gone = rows.pop()!;
    rows.push(account('9001'));
    retail.list('accounts', rows);
    const outcome = await retail.run('accounts');
    assert.deepEqual(countsOf(outcome), { read: 450, unchanged: 448, updated: 1, created: 1, vanished: 1 });
    const held = await retail.held(
      `SELECT Name FROM Account WHERE Key__c IN ('ACME-0002', 'ACME-${String(gone.code)}')`,
    );
    assert.deepEqual(held.map(({ Name }) => Name).sort(), [`account ${String(gone.code)}`, 'renamed']);
  });

  it('an edit in Salesforce is found though the view is the same, and put back; what people own stays', async () => {
    retail.apex(`Account a = [SELECT Id FROM Account WHERE Key__c = 'ACME-0003'];
      a.Phone = '1'; a.Description = 'a note of ours'; update a;
      Account b = [SELECT Id FROM Account WHERE Key__c = 'ACME-0004']; b.Description = 'ours too'; update b;`);
    const outcome = await retail.run('accounts');
    assert.deepEqual(countsOf(outcome), { read: 450, unchanged: 449, updated: 1, drifted: 1, vanished: 1 });
    assert.deepEqual(
      await retail.held(
        "SELECT Phone, Description FROM Account WHERE Key__c IN ('ACME-0003', 'ACME-0004') ORDER BY Key__c",
      ),
      [
        { Phone: '601 555 0100', Description: 'a note of ours' },
        { Phone: '601 555 0100', Description: 'ours too' },
      ],
    );
  });

  it('a deleted record is made again, an undeleted one is known', async () => {
    retail.apex("delete [SELECT Id FROM Account WHERE Key__c = 'ACME-0005'];");
    assert.deepEqual(countsOf(await retail.run('accounts')), {
      read: 450,
      unchanged: 449,
      created: 1,
      drifted: 1,
      vanished: 1,
    });
    assert.equal((await retail.held("SELECT Id FROM Account WHERE Key__c = 'ACME-0005'")).length, 1);
    assert.deepEqual(countsOf(await retail.run('accounts')), { read: 450, unchanged: 450, vanished: 1 });
  });

  it('two rows of one key: neither is written, both days, until one is gone', async () => {
    retail.list('accounts', [...rows, account('0006', { name: 'another one' }), account('0006', { name: 'a third' })]);
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'rows failed');
    assert.equal(outcome.counts.failed, 1);
    assert.deepEqual(await retail.held("SELECT Name FROM Account WHERE Key__c = 'ACME-0006'"), [
      { Name: 'account 0006' },
    ]);
    retail.list('accounts', rows);
    assert.equal((await retail.run('accounts')).status, 'succeeded');
  });

  it('a dry run tells, and writes nothing', async () => {
    const before = await retail.held(ALL);
    retail.list('accounts', [...rows, account('9002')]);
    const outcome = await retail.run('accounts', { isDry: true });
    assert.equal(outcome.status, 'dry run');
    assert.equal(outcome.counts.held, 1);
    assert.deepEqual(
      retail.sent.filter((sent) => !sent.startsWith('GET')),
      [],
    );
    assert.deepEqual(await retail.held(ALL), before);
  });

  it('a broken view waits for a person, and empties nothing; rejected, the next run begins from the start', async () => {
    retail.list('accounts', rows.slice(0, 100));
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'held');
    assert.match(outcome.reasons.join(), /of 45[01] rows are no longer in the view/);
    const busy = await retail.run('accounts');
    assert.equal(busy.status, 'busy');
    assert.match(busy.reasons.join(), /--release/);
    assert.equal((await retail.decide(outcome.run!.key, 'reject')).status, 'rejected');
    assert.equal((await retail.decide(outcome.run!.key, 'release')).status, 'busy');
    retail.list('accounts', rows);
    assert.equal((await retail.run('accounts')).status, 'succeeded');
  });

  it('released, it writes what was planned', async () => {
    const changed = rows.map((row, index) => (index < 440 ? { ...row, phone: null } : row));
    retail.list('accounts', changed);
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'held');
    assert.match(outcome.reasons.join(), /Phone has a value in \d+ of 450 rows/);
    const released = await retail.decide(outcome.run!.key, 'release');
    assert.equal(released.status, 'succeeded', released.reasons.join());
    assert.equal(released.counts.updated, 439);
    retail.list('accounts', rows);
    const back = await retail.run('accounts');
    assert.equal((await retail.decide(back.run!.key, 'release')).status, 'succeeded');
  });

  it('a fall that a person released holds no other run', async () => {
    retail.list('accounts', rows.slice(0, 100));
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'held');
    assert.equal((await retail.decide(outcome.run!.key, 'release')).status, 'succeeded');
    const next = await retail.run('accounts');
    assert.equal(next.status, 'succeeded', next.reasons.join());
    assert.deepEqual([next.counts.read, next.counts.vanished > 300], [100, true]);
    retail.list('accounts', rows.slice(0, 40));
    const again = await retail.run('accounts');
    assert.match(again.reasons.join(), /^60 of 100 rows are no longer in the view/);
    assert.equal((await retail.decide(again.run!.key, 'reject')).status, 'rejected');
  });
});

describe('what goes wrong', () => {
  let retail: Retail;
  before(async () => {
    retail = await Retail.open();
    retail.list('accounts', accounts(300));
    assert.equal((await retail.run('accounts')).status, 'succeeded');
  });
  after(() => retail.close());

  it('one row that Salesforce refuses fails alone, and is tried again until it passes', async () => {
    const bad = account('0010', { name: 'x'.repeat(200), phone: '5'.repeat(60) });
    const rows = accounts(300);
    rows[9] = bad;
    rows[10] = account('0011', { name: 'fine' });
    retail.list('accounts', rows);
    for (let day = 0; day < 2; day++) {
      const outcome = await retail.run('accounts');
      assert.equal(outcome.status, 'rows failed');
      assert.equal(outcome.counts.failed, 1);
      assert.equal(outcome.counts.updated, day === 0 ? 1 : 0);
    }
    retail.list('accounts', accounts(300));
    assert.deepEqual(countsOf(await retail.run('accounts')), { read: 300, unchanged: 299, updated: 1 });
  });

  it('a view that fails half-way, or is not there, writes nothing and says so', async () => {
    retail.list('accounts', accounts(3_000));
    retail.source.failsAt = 1_500;
    const outcome = await retail.run('accounts');
    retail.source.failsAt = null;
    assert.equal(outcome.status, 'failed');
    assert.match(outcome.reasons.join(), /lost after 1500 rows.*Nothing was written/);
    assert.equal((await retail.held('SELECT Id FROM Account')).length, 300);
    retail.list('accounts', accounts(300));
    assert.equal((await retail.run('accounts')).status, 'succeeded');
  });

  it('an answer that is lost after Salesforce saved leaves no second record, and no edit of people is overwritten', async () => {
    retail.list('accounts', [...accounts(300), account('7001')]);
    retail.intercept = async (request) => {
      if (request.method !== 'PATCH') return null;
      await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      return { status: 503, headers: {}, body: '<html>' };
    };
    const outcome = await retail.run('accounts');
    retail.intercept = async () => null;
    assert.equal(outcome.status, 'interrupted');
    retail.apex("Account a = [SELECT Id FROM Account WHERE Key__c = 'ACME-7001']; a.Description = 'ours'; update a;");
    const again = await retail.run('accounts');
    assert.equal(again.status, 'succeeded', again.reasons.join());
    assert.deepEqual(await retail.held("SELECT Description FROM Account WHERE Key__c = 'ACME-7001'"), [
      { Description: 'ours' },
    ]);
  });

  it('a limit that is reached is waited out within the run', async () => {
    const rows = accounts(300);
    rows[20] = account('0021', { name: 'patient' });
    retail.list('accounts', [...rows, account('7001')]);
    let left = 2;
    const limit = [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }];
    retail.intercept = async ({ method }) => (method === 'PATCH' && left-- > 0 ? json(403, limit) : null);
    const outcome = await retail.run('accounts');
    retail.intercept = async () => null;
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.equal(outcome.counts.updated, 1);
  });

  const inItsPlace: [what: string, answer: () => HttpResponse][] = [
    ['a page of something in between', () => ({ status: 200, headers: {}, body: '<html>maintenance</html>' })],
    ['JSON of somebody else', () => json(200, { hello: 'world' })],
    ['an outage', () => ({ status: 503, headers: { 'retry-after': '86400' }, body: '' })],
    ['no answer', () => assert.fail(new TransportError('reset'))],
    ['a limit', () => json(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }])],
    [
      'a row lock',
      () => json(500, [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access' }]),
    ],
  ];
  for (const [what, answer] of inItsPlace)
    it(`${what} in place of what others did is waited out, and is no attempt of any row`, async () => {
      retail.list('accounts', [...accounts(300), account('7001')]);
      const failed = new Map<string, number>();
      retail.intercept = async ({ method, url }) => {
        const path = url.split('?')[0]!;
        const times = failed.get(path) ?? 0;
        if (method !== 'GET' || path.includes('/jobs/') || times === 2) return null;
        failed.set(path, times + 1);
        return answer();
      };
      const before = retail.orgClock.now();
      const outcome = await retail.run('accounts');
      retail.intercept = async () => null;
      assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
      assert.deepEqual(
        [...failed.keys()].map((path) => path.split('/').slice(4).join('/')).sort(),
        ['', 'query', 'sobjects/Account/deleted/', 'sobjects/Account/describe'].sort(),
      );
      // the day before the run, and no whole day that somebody else's page asked for
      assert.ok(retail.orgClock.now() - before < 25 * 3_600_000);
    });

  it('an outage that stays ends the run in words; the next run finds what others did meanwhile', async () => {
    retail.list('accounts', [...accounts(300), account('7001')]);
    retail.apex("Account a = [SELECT Id FROM Account WHERE Key__c = 'ACME-0030']; a.Phone = '1'; update a;");
    retail.intercept = async ({ url }) => (url.includes('/deleted') ? json(503, '') : null);
    const outcome = await retail.run('accounts');
    retail.intercept = async () => null;
    assert.equal(outcome.status, 'interrupted');
    assert.match(outcome.reasons.join(), /could not be asked.*Run it again/);
    assert.deepEqual(countsOf(await retail.run('accounts')), { read: 301, unchanged: 300, updated: 1, drifted: 1 });
  });

  it('what Salesforce refuses to tell ends the run as failed, in its words', async () => {
    const said = [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'not for you' }];
    retail.intercept = async ({ url }) => (url.includes('/deleted') ? json(403, said) : null);
    const outcome = await retail.run('accounts');
    retail.intercept = async () => null;
    assert.equal(outcome.status, 'failed');
    assert.match(outcome.reasons.join(), /INSUFFICIENT_ACCESS: not for you/);
  });

  it('merged accounts: the one that was lost is made again, as the view still has it', async () => {
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    retail.apex(`Account winner = [SELECT Id FROM Account WHERE Key__c = 'ACME-0040'];
      Account loser = [SELECT Id FROM Account WHERE Key__c = 'ACME-0041']; merge winner loser;`);
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.deepEqual([outcome.counts.created, outcome.counts.unchanged + outcome.counts.updated], [1, 300]);
    assert.deepEqual(
      await retail.held("SELECT Key__c, Name FROM Account WHERE Key__c IN ('ACME-0040', 'ACME-0041') ORDER BY Key__c"),
      [
        { Key__c: 'ACME-0040', Name: 'account 0040' },
        { Key__c: 'ACME-0041', Name: 'account 0041' },
      ],
    );
    assert.deepEqual(countsOf(await retail.run('accounts')), { read: 301, unchanged: 301 });
  });

  it('a batch that is refused whole is tried in halves: one bad row fails alone', async () => {
    const rows = accounts(300).map((row) => ({ ...row, phone: '1' }));
    retail.list('accounts', [...rows, account('7001')]);
    const said = [{ errorCode: 'INVALID_FIELD', message: 'this record cannot be read' }];
    retail.intercept = async ({ method, body }) =>
      method === 'PATCH' && body.includes('ACME-0077"') ? json(400, said) : null;
    const held = await retail.run('accounts');
    assert.equal(held.status, 'held');
    const outcome = await retail.decide(held.run!.key, 'release');
    retail.intercept = async () => null;
    assert.equal(outcome.status, 'rows failed');
    assert.equal(outcome.counts.updated, 299);
    assert.equal(outcome.counts.failed, 1);
  });

  it('all findings of a mapping come at once, each with a remedy, before a row is read', async () => {
    const config = structuredClone(CONFIG) as typeof CONFIG & {
      feeds: { accounts: { fields: Record<string, object> } };
    };
    Object.assign(config.feeds.accounts.fields, {
      Nowhere__c: { column: 'name' },
      Website: { column: 'nothing' },
      NumberOfEmployees: { column: 'active' },
    });
    retail.config = new FeedConfig('feeds.json', config);
    const outcome = await retail.run('accounts');
    retail.config = new FeedConfig('feeds.json', CONFIG);
    assert.equal(outcome.status, 'unusable');
    assert.equal(outcome.run, null);
    const places = outcome.findings.filter(({ isWarning }) => !isWarning).map(({ at }) => at);
    assert.ok(places.includes('Account.Nowhere__c'), places.join());
    assert.ok(places.includes('accounts_view.nothing'), places.join());
    for (const { remedy } of outcome.findings) assert.notEqual(remedy, '');
  });
});

describe('stores below accounts', () => {
  let retail: Retail;
  before(async () => {
    retail = await Retail.open();
  });
  after(() => retail.close());

  it('a store whose account is not there waits, and follows it', async () => {
    retail.list('accounts', [account('1')]);
    retail.list('stores', [
      { code: 'a', name: 'first', account: '1' },
      { code: 'b', name: 'early', account: '2' },
      { code: 'c', name: 'without', account: null },
    ]);
    await retail.run('accounts');
    const early = await retail.run('stores');
    assert.equal(early.status, 'rows failed');
    assert.deepEqual(countsOf(early), { read: 3, created: 2, waiting: 1 });
    retail.list('accounts', [account('1'), account('2')]);
    await retail.run('accounts');
    assert.deepEqual(countsOf(await retail.run('stores')), { read: 3, unchanged: 2, created: 1 });
    assert.deepEqual(
      await retail
        .held('SELECT Key__c, Account__r.Key__c FROM Store__c ORDER BY Key__c')
        .then((rows) =>
          rows.map(({ Key__c, Account__r }) => [Key__c, (Account__r as { Key__c: string } | null)?.Key__c ?? null]),
        ),
      [
        ['ACME-a', 'ACME-1'],
        ['ACME-b', 'ACME-2'],
        ['ACME-c', null],
      ],
    );
    assert.deepEqual(countsOf(await retail.run('stores')), { read: 3, unchanged: 3 });
  });

  it('a store whose account somebody deleted is below it again, though nothing stamps the store', async () => {
    const stores = (): Promise<Record<string, unknown>[]> =>
      retail.held("SELECT Account__r.Key__c FROM Store__c WHERE Key__c = 'ACME-a'");
    retail.apex("delete [SELECT Id FROM Account WHERE Key__c = 'ACME-1'];");
    assert.deepEqual(await stores(), [{ Account__r: null }]);
    assert.equal((await retail.run('accounts')).counts.created, 1);
    assert.deepEqual(countsOf(await retail.run('stores')), { read: 3, unchanged: 2, updated: 1, drifted: 1 });
    const [store] = await stores();
    assert.equal((store!.Account__r as { Key__c: string }).Key__c, 'ACME-1');
  });

  it('a deletion shortly ahead of the clock of the program is found in the same run', async () => {
    const { orgClock } = retail;
    await orgClock.advance(24 * 3_600_000 + 5 * 60_000);
    retail.apex("delete [SELECT Id FROM Store__c WHERE Key__c = 'ACME-c'];");
    const parts = await retail.parts();
    const clock = { ...parts.clock, now: () => orgClock.now() - 5 * 60_000 };
    const outcome = await runFeed({ ...parts, clock }, retail.config.feed('ACME', 'stores'));
    assert.deepEqual(countsOf(outcome), { read: 3, unchanged: 2, created: 1, drifted: 1 });
  });

  it('a write whose answer was lost, and that the view takes back before the next run, is found', async () => {
    const named = (name: string): void =>
      retail.list('stores', [
        { code: 'a', name, account: '1' },
        { code: 'b', name: 'early', account: '2' },
        { code: 'c', name: 'without', account: null },
      ]);
    named('for now');
    assert.equal((await retail.run('stores')).status, 'succeeded');
    named('for a moment');
    let isShut = false;
    retail.intercept = async (request) => {
      if (isShut) return json(503, '');
      isShut = request.url.includes('/composite/sobjects/Store__c/');
      if (isShut) await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      return isShut ? json(503, '') : null;
    };
    assert.equal((await retail.run('stores')).status, 'interrupted');
    retail.intercept = async () => null;
    const name = (): Promise<Record<string, unknown>[]> =>
      retail.held("SELECT Name FROM Store__c WHERE Key__c = 'ACME-a'");
    assert.deepEqual(await name(), [{ Name: 'for a moment' }]);
    named('for now');
    assert.equal((await retail.run('stores')).counts.drifted, 1);
    assert.deepEqual(await name(), [{ Name: 'for now' }]);
  });
});
