/** What every source of rows does, on every kind of database that feeds read. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSource } from '../../../src/feeds/source/open.ts';
import { SourceError, type Column, type Source, type SourceValue, type View } from '../../../src/feeds/source/types.ts';
import { isUnusable, mapRow } from '../../../src/feeds/record.ts';
import { describedField, fieldPlan, recordPlan } from '../../feeds/support/plans.ts';
import { PLACES, SCHEMA, SHORT_MS, type Place } from './places.ts';

const view = (name: string, where: View['where'] = {}): View => ({ name: `${SCHEMA}.${name}`, where });

const all = async (source: Source, of: View, size = 1_000): Promise<{ columns: Column[]; rows: SourceValue[][] }> => {
  const columns = await source.columns(of);
  const rows: SourceValue[][] = [];
  for await (const batch of source.rows(of, columns, { size })) rows.push(...batch);
  return { columns, rows };
};

const failure = (code: SourceError['code']) => (error: unknown) => error instanceof SourceError && error.code === code;

for (const [name, make] of Object.entries(PLACES)) {
  describe(`a source of rows: ${name}`, () => {
    let place: Place;
    let source: Source;
    before(async () => {
      place = await make();
      source = await place.open();
    });
    after(async () => {
      await source.close();
      await place.close();
    });

    it('tells columns by name, type and size', async () => {
      const columns = await source.columns(view('exact_view'));
      const told = columns.map(({ name, type, length, precision, scale }) => [name, type, length, precision, scale]);
      assert.deepEqual(told, [
        ['code', 'text', 6, null, null],
        ['name', 'text', 40, null, null],
        ['note', 'text', null, null, null],
        ['n', 'integer', null, null, null],
        ['big', 'integer', null, null, null],
        ['amount', 'decimal', null, 18, 4],
        ['cash', 'decimal', null, null, null],
        ['rate', 'float', null, null, null],
        ['flag', 'boolean', null, null, null],
        ['day', 'date', null, null, null],
        ['at_time', 'time', null, null, null],
        ['At Zone', 'timestamp with zone', null, null, null],
        ['plain', 'timestamp', null, null, null],
        ['id', 'uuid', null, null, null],
      ]);
    });

    it('tells every value to the last digit, and nothing of the machine it runs on', async () => {
      const { rows } = await all(source, view('exact_view'));
      // no kind of database promises an order
      assert.deepEqual(rows[0]?.[0] === null ? rows.toReversed() : rows, [
        [
          '0012  ',
          'Café ñandú  ',
          '',
          '2147483647',
          '9223372036854775807',
          '-12345678901234.5678',
          place.cash,
          '0.1',
          true,
          '1900-01-01',
          '05:00:00.123',
          '2026-01-31T10:00:00.123Z',
          '2026-03-08T02:30:00.000',
          '00000000-0000-0000-0000-00000000000a',
        ],
        Array.from({ length: 14 }, () => null),
      ]);
    });

    it('tells moments that a plan reads in the zone of the source, and refuses those that it cannot know', async () => {
      const { columns, rows } = await all(source, view('exact_view'));
      const [row] = rows.filter(([code]) => code !== null);
      const readIn = (column: string, timeZone: string): unknown => {
        const at = columns.findIndex(({ name }) => name === column);
        const plan = { ...recordPlan(fieldPlan(describedField('At__c', 'datetime'), at)), timeZone };
        const mapped = mapRow(plan, row!);
        return isUnusable(mapped) ? mapped.problem.code : mapped.values.At__c;
      };
      assert.equal(readIn('At Zone', 'America/New_York'), '2026-01-31T10:00:00.123Z');
      assert.equal(readIn('plain', 'America/Bogota'), '2026-03-08T07:30:00.000Z');
      assert.equal(readIn('plain', 'America/New_York'), 'TIME_DOES_NOT_EXIST');
    });

    it('reads batch by batch, and stops when nobody reads on', async () => {
      const many = view('many');
      const columns = await source.columns(many);
      const sizes: number[] = [];
      for await (const batch of source.rows(many, columns, { size: 700 })) {
        sizes.push(batch.length);
        if (sizes.length === 3) break;
      }
      assert.deepEqual(sizes, [700, 700, 700]);
      assert.equal((await all(source, many, 999)).rows.length, 5_000);
    });

    it('filters by texts, which are never SQL', async () => {
      assert.equal((await all(source, view('many', { half: 'A1' }))).rows.length, 2_500);
      assert.equal((await all(source, view('many', { half: "A1' OR '1'='1" }))).rows.length, 0);
    });

    it('reads views and columns of any name', async () => {
      const { columns, rows } = await all(source, view('Odd "view'));
      assert.deepEqual(
        columns.map((column) => column.name),
        ['a "b', 'Straße'],
      );
      assert.deepEqual(rows, [['x', '1']]);
    });

    it('says by a code what is wrong, and reads on afterwards', async () => {
      await assert.rejects(source.columns(view('nowhere')), failure('NO_VIEW'));
      await assert.rejects(all(source, view('unread')), failure('UNREADABLE_TYPE'));
      const before: number[] = [];
      const broken = view('breaks');
      const columns = await source.columns(broken);
      await assert.rejects(async () => {
        for await (const batch of source.rows(broken, columns, { size: 1_000 })) before.push(batch.length);
      }, failure('QUERY_FAILED'));
      assert.deepEqual(before, [1_000, 1_000]);
      assert.equal((await all(source, view('many'))).rows.length, 5_000);
    });

    it('ends when it is told to', async () => {
      const gone = new AbortController();
      const many = view('many');
      const columns = await source.columns(many);
      await assert.rejects(async () => {
        for await (const _ of source.rows(many, columns, { size: 10, signal: gone.signal }))
          gone.abort(new Error('enough'));
      }, /enough/);
      assert.equal((await all(source, many)).rows.length, 5_000);
    });

    it('gives a view up that does not go on', async (t) => {
      if (!place.openAsStranger) return t.skip('an embedded database cannot be interrupted from within its own thread');
      const hasty = await place.open(SHORT_MS);
      const columns = await source.columns(view('endless'));
      await assert.rejects(async () => {
        for await (const _ of hasty.rows(view('endless'), columns, { size: 5 }));
      }, failure('TOO_SLOW'));
      // what was given up has ended
      assert.equal((await all(source, view('few'))).rows.length, 3);
      await hasty.close();
    });

    it('tells what a user may not read', async (t) => {
      if (!place.openAsStranger) return t.skip('an embedded database has one user');
      const stranger = await place.openAsStranger();
      const columns = await source.columns(view('many'));
      await assert.rejects(async () => {
        for await (const _ of stranger.rows(view('many'), columns, { size: 1 }));
      }, failure('NO_PERMISSION'));
      await stranger.close();
    });

    it('passes texts of any size and damage as they are', async () => {
      const { rows } = await all(source, view('texts'));
      assert.equal(rows.length, 1);
      const [big, damaged, blank, far] = rows[0]!;
      assert.equal((big as string).length, 10_000_000);
      assert.match(big as string, /^ñ+$/);
      assert.deepEqual([damaged, blank, far], ['Bogot\ufffd', '  ', '🐔']);
    });

    it('says that a connection was lost, and that another try may do', async (t) => {
      if (!place.breakConnections) return t.skip('an embedded database has no connection');
      const lost = await place.open();
      const columns = await lost.columns(view('many'));
      await assert.rejects(
        async () => {
          for await (const _ of lost.rows(view('many'), columns, { size: 10 })) await place.breakConnections!();
        },
        (error) => failure('LOST')(error) && (error as SourceError).isRetryable,
      );
      await lost.close();
    });

    it('says that a login was refused, without the password', async (t) => {
      if (!place.openAsNobody) return t.skip('an embedded database has no logins');
      await assert.rejects(place.openAsNobody(), (error) => {
        assert.ok(failure('LOGIN_FAILED')(error));
        assert.doesNotMatch((error as Error).message, /hidden/);
        return true;
      });
    });
  });
}

describe('a source that cannot be opened', () => {
  it('says which, and never a password', async () => {
    const settings = { timeoutMs: SHORT_MS, timeZone: 'UTC' };
    await assert.rejects(
      openSource({ ...settings, kind: 'embedded', dataDir: '/nowhere/at/all' }, { password: null }),
      failure('NO_SERVER'),
    );
    const away = {
      ...settings,
      host: '127.0.0.1',
      port: 1,
      database: 'd',
      user: 'u',
      encrypt: false,
    };
    for (const kind of ['postgres', 'sqlserver'])
      await assert.rejects(openSource({ ...away, kind }, { password: 'hidden' }), (error: Error) => {
        assert.ok(failure('NO_SERVER')(error));
        assert.doesNotMatch(error.message, /hidden/);
        return true;
      });
  });
});
