/** What the driver of SQL Server does by itself, and what the source does about it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import tedious, { type Connection } from 'tedious';
import { SqlServerSource } from '../../../src/feeds/source/sqlserver.ts';
import { SourceError } from '../../../src/feeds/source/types.ts';
import { TdsFront } from './front.ts';
import { translate } from './translate.ts';

const MAKE = `
  CREATE SCHEMA dbo;
  CREATE TABLE dbo.money_view (amount numeric(18, 4), small real, short smallint, name name);
  INSERT INTO dbo.money_view VALUES (-12345678901234.5678, 0.1, -3, 'x'), (0.0001, 1e10, 7, 'y');
  CREATE VIEW dbo.large AS SELECT i FROM generate_series(1, 20000) AS i;
`;

const LIMIT_MS = 120_000;

describe('the driver of SQL Server', () => {
  let db: PGlite;
  let front: TdsFront;
  let connection: Connection;
  before(async () => {
    db = await PGlite.create();
    await db.exec(MAKE);
    front = await TdsFront.start(db, { users: { reader: { password: 'pässwörd' } }, database: 'views' });
    connection = new tedious.Connection({
      server: '127.0.0.1',
      authentication: { type: 'default', options: { userName: 'reader', password: 'pässwörd' } },
      options: { port: front.port, database: 'views', encrypt: false },
    });
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  });
  after(async () => {
    connection.close();
    await front.close();
    await db.close();
  });

  const plainly = (text: string): Promise<unknown[][]> =>
    new Promise((resolve, reject) => {
      const rows: unknown[][] = [];
      const request = new tedious.Request(text, (error) => (error ? reject(error) : resolve(rows)));
      request.on('row', (values: { value: unknown }[]) => rows.push(values.map(({ value }) => value)));
      connection.execSql(request);
    });

  it('loses digits of decimals by itself; the source loses none', async () => {
    assert.equal(String((await plainly('SELECT [amount] FROM [money_view]'))[0]![0]), '-12345678901234.568');
    const source = new SqlServerSource(tedious, connection, LIMIT_MS);
    const view = { name: 'money_view', where: {} };
    const columns = await source.columns(view);
    const batches = [];
    for await (const batch of source.rows(view, columns, { size: 10 })) batches.push(...batch);
    assert.deepEqual(batches, [
      ['-12345678901234.5678', '0.1', '-3', 'x'],
      ['0.0001', '10000000000', '7', 'y'],
    ]);
  });

  it('is paused while nobody takes rows', async () => {
    let came = 0;
    class CountingRequest extends tedious.Request {
      constructor(...given: ConstructorParameters<typeof tedious.Request>) {
        super(...given);
        this.on('row', () => came++);
      }
    }
    const source = new SqlServerSource({ ...tedious, Request: CountingRequest }, connection, LIMIT_MS);
    const view = { name: 'dbo.large', where: {} };
    const columns = await source.columns(view);
    came = 0;
    let taken = 0;
    let most = 0;
    for await (const batch of source.rows(view, columns, { size: 500 })) {
      for (let turns = 0; turns < 20; turns++) await turn();
      most = Math.max(most, came - taken);
      taken += batch.length;
    }
    assert.equal(taken, 20_000);
    assert.equal(most, 500);
  });

  it('stops the server when nobody reads on', async () => {
    const source = new SqlServerSource(tedious, connection, LIMIT_MS);
    const view = { name: 'dbo.large', where: {} };
    const columns = await source.columns(view);
    for await (const _ of source.rows(view, columns, { size: 1 })) break;
    assert.deepEqual((await plainly('SELECT [i] FROM [dbo].[large] WHERE [i] = 7'))[0], [7]);
  });

  it('tells the view with an error, and no view by its code', async () => {
    const source = new SqlServerSource(tedious, connection, LIMIT_MS);
    await assert.rejects(
      source.columns({ name: 'dbo.nowhere', where: {} }),
      (error) => error instanceof SourceError && error.code === 'NO_VIEW' && /dbo\.nowhere/.test(error.message),
    );
  });

  it('is refused by the front what the front does not know', async () => {
    await assert.rejects(plainly('DELETE FROM [money_view]'), /does not know the word DELETE/);
    assert.throws(() => translate('SELECT [a] FROM [b] ; DROP'), /cannot read/);
    assert.throws(() => translate('SELECT CAST([a] AS xml(1))'), /does not know the type xml/);
  });
});
