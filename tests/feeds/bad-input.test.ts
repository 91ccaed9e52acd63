/** What views tell wrong: each told by field, counted, and harmless to the rows beside it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { circular } from '../../src/feeds/circles.ts';
import { FeedConfig } from '../../src/feeds/config.ts';
import { failedRows } from '../../src/feeds/db/rows.ts';
import type { RunOutcome } from '../../src/feeds/run.ts';
import { looksMisread } from '../../src/shared/text.ts';
import { textColumn, type ListedRow } from './support/listed-source.ts';
import { account, accounts, CONFIG, Retail } from './support/retail.ts';

const COLUMNS = ['code', 'name', 'account', 'parent', 'kind'].map((name) => textColumn(name, { length: 80 }));
const STORES = {
  ...CONFIG.feeds.stores,
  fields: {
    ...CONFIG.feeds.stores.fields,
    Parent__c: { column: 'parent', owner: 'view' as const, parent: 'stores' },
    Kind__c: { column: 'kind', owner: 'view' as const },
  },
};

describe('bad input of feeds', () => {
  let retail: Retail;
  before(async () => {
    retail = await Retail.open();
    retail.config = new FeedConfig('feeds.json', { ...CONFIG, feeds: { ...CONFIG.feeds, stores: STORES } });
  });
  after(() => retail.close());
  beforeEach(() => retail.list('accounts', accounts(20)));

  const stores = (rows: ListedRow[]): Promise<RunOutcome> => {
    retail.source.set('stores_view', COLUMNS, rows);
    return retail.run('stores');
  };
  const refusedIn = async ({ run }: RunOutcome): Promise<[string, string, string | null][]> =>
    (await failedRows(retail.db, run!, '', 100)).map(({ external_id: id, problem: { code, field } }) => [
      id,
      code,
      field,
    ]);
  const codes = async (): Promise<unknown[]> =>
    (await retail.held('SELECT Key__c FROM Store__c ORDER BY Key__c')).map(({ Key__c }) => Key__c);

  it('a value that the picklist has not is refused by its field, and the row beside it arrives', async () => {
    const outcome = await stores([
      { code: 'p1', name: 'store p1', kind: 'Shop' },
      { code: 'p2', name: 'two', kind: 'Palace' },
    ]);
    assert.equal(outcome.status, 'rows failed');
    assert.deepEqual([outcome.counts.created, outcome.counts.failed], [1, 1]);
    assert.deepEqual(await refusedIn(outcome), [['ACME-p2', 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'Kind__c']]);
    assert.deepEqual(await codes(), ['ACME-p1']);
  });

  it('rows that are parents of each other are named as a circle, and counted; others are written, parents first', async () => {
    const rows: ListedRow[] = [
      ['p1', null],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['below', 'a'],
      ['own', 'own'],
      ['grandchild', 'r'],
      ['r', 's'],
      ['s', null],
    ].map(([code, parent]) => ({ code: code!, name: `store ${code}`, parent: parent!, kind: 'Shop' }));
    const outcome = await stores(rows);
    assert.equal(outcome.status, 'rows failed', outcome.reasons.join());
    assert.deepEqual([outcome.counts.created, outcome.counts.waiting], [3, 5]);
    const [circle] = outcome.findings;
    assert.deepEqual([circle!.at, circle!.isWarning], ['Store__c.Parent__c', true]);
    assert.match(circle!.message, /4 rows are parents of each other in a circle.*ACME-a/);
    assert.deepEqual(await codes(), ['ACME-grandchild', 'ACME-p1', 'ACME-r', 'ACME-s']);
    const mended = await stores(
      rows.map((row) => (row.code === 'c' || row.code === 'own' ? { ...row, parent: null } : row)),
    );
    assert.equal(mended.status, 'succeeded');
    assert.deepEqual([mended.counts.created, mended.findings.length], [5, 0]);
  });

  it('a column that changes its type: what cannot fit stops the run, what can is told row by row, and nothing is emptied', async () => {
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    const held = 'SELECT Key__c, Limit__c, Since__c, Name FROM Account ORDER BY Key__c';
    const before = await retail.held(held);
    const { columns, rows } = retail.source.views.get('accounts_view')!;
    const changed = (name: string, more: object): Promise<RunOutcome> => {
      const now = columns.map((column) => (column.name === name ? { ...column, ...more } : column));
      retail.source.set(
        'accounts_view',
        now,
        name === 'credit' ? rows.map((row) => ({ ...row, credit: '1.000,50' })) : rows,
      );
      return retail.run('accounts');
    };
    const unusable = await changed('since', { type: 'boolean', declared: 'bit' });
    assert.equal(unusable.status, 'unusable');
    assert.deepEqual(
      unusable.findings.map(({ at, message, remedy }) => [at, message, remedy]),
      [
        [
          'accounts_view.since',
          'it is bit, and Account.Since__c is date',
          'cast it in the view, or map it with "values"',
        ],
      ],
    );
    const texts = await changed('credit', { type: 'text', declared: 'varchar(20)', precision: null, scale: null });
    assert.equal(texts.status, 'held');
    assert.match(texts.reasons.join(), /Limit__c has a value in 0 of 20 rows.*20 cannot be written/);
    assert.equal(texts.counts.failed, 20);
    assert.deepEqual((await refusedIn(texts))[0], ['ACME-0001', 'NOT_A_NUMBER', 'Limit__c']);
    assert.deepEqual(await retail.held(held), before);
    assert.equal((await retail.decide(texts.run!.key, 'reject')).status, 'rejected');
  });

  it('texts of another encoding that are valid are written as they are, and told by field with their number', async () => {
    const rows = accounts(20);
    rows[3] = account('0004', { name: 'Agropecuaria El Ã‘andÃº' });
    rows[4] = account('0005', { name: 'CompaÃ±Ã\u00ada', phone: 'â€œ1â€\u009d' });
    rows[5] = account('0006', { name: 'Compañía São João' });
    retail.list('accounts', rows);
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.deepEqual(
      outcome.findings.map(({ at, message, isWarning }) => [
        at,
        /^\d+ rows? ha(s|ve)/.exec(message)?.[0],
        /the first is (\S+)\./.exec(message)?.[1],
        isWarning,
      ]),
      [
        ['Account.Name', '2 rows have', 'ACME-0004', true],
        ['Account.Phone', '1 row has', 'ACME-0005', true],
      ],
    );
    assert.deepEqual(await retail.held("SELECT Name FROM Account WHERE Key__c = 'ACME-0004'"), [
      { Name: 'Agropecuaria El Ã‘andÃº' },
    ]);
    retail.list('accounts', accounts(20));
    assert.deepEqual((await retail.run('accounts')).findings, []);
  });
});

describe('what is told', () => {
  it('is every letter of Spanish that was read in another encoding, and none that is right', () => {
    for (const encoding of ['latin1', 'windows-1252'])
      for (const letter of 'áéíóúñüÁÉÍÓÚÑÜ¿¡ºª°–“”’€') {
        const misread = new TextDecoder(encoding).decode(Buffer.from(letter));
        assert.ok(looksMisread(`x${misread}x`), `${letter} as ${encoding}`);
        assert.ok(looksMisread(Buffer.from(letter).toString('latin1')), letter);
        assert.ok(!looksMisread(`x${letter}x ${letter}`), letter);
      }
    for (const right of ['SÃO JOÃO', 'coração', 'À LA CARTE', 'château', 'Ã', 'Åse', 'Âge', 'Ñandú ¿qué?'])
      assert.ok(!looksMisread(right), right);
  });

  it('is a circle, and no chain however long', () => {
    const chain = Array.from({ length: 5_000 }, (_, at) => ({ row_key: `${at}`, parent: `${at + 1}` }));
    assert.equal(circular(chain).size, 0);
    const closed = [...chain, { row_key: '5000', parent: '4998' }];
    assert.deepEqual([...circular(closed)].sort(), ['4998', '4999', '5000']);
  });
});
