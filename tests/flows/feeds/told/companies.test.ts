/** What the sample's databases hold. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from 'kernel/random.ts';
import { checkDigit } from '../../../../src/flows/feeds/told/companies/nit.ts';
import { companyRows, type TableRow } from '../../../../src/flows/feeds/told/companies/rows.ts';
import { definitions, inserts } from '../../../../src/flows/feeds/told/companies/sql.ts';

const rows = companyRows('ITALCOL', 60, seededRandom(5));

const valuesOf = (table: readonly TableRow[], column: string): (string | null)[] => table.map((row) => row[column]!);

describe('the rows of a company', () => {
  it('NITs have the check digits that the tax office gave', () => {
    for (const [nit, digit] of Object.entries({ 890900608: '9', 890903938: '8', 899999068: '1', 860002964: '4' }))
      assert.equal(checkDigit(nit), digit, nit);
    assert.throws(() => checkDigit('12A'), RangeError);
    for (const { nit, dv } of rows.terceros) assert.equal(checkDigit(nit!), dv);
  });

  it('are the same from the same seed, and others from another one', () => {
    assert.deepEqual(companyRows('ITALCOL', 60, seededRandom(5)), rows);
    assert.notDeepEqual(companyRows('ITALCOL', 60, seededRandom(6)), rows);
  });

  it('have what real ones have', () => {
    const { terceros, sucursales, acuerdos } = rows;
    const codes = valuesOf(terceros, 'codigo');
    assert.equal(codes.length - new Set(codes).size, 1, 'an account that comes twice');
    assert.ok(codes.every((code) => code!.startsWith('00')));
    assert.deepEqual(
      ['', '   ', null].map((none) => valuesOf(terceros, 'telefono').includes(none)),
      [true, true, true],
    );
    assert.ok(valuesOf(terceros, 'razon_social').some((name) => name!.endsWith(' ')));
    assert.ok(valuesOf(terceros, 'razon_social').some((name) => /[áéíóúñ]/.test(name!)));
    assert.ok(valuesOf(terceros, 'fecha_vinculacion').includes('1900-01-01'));
    assert.ok(
      valuesOf(sucursales, 'tercero').some((code) => !codes.includes(code)),
      'a store of nobody',
    );
    assert.ok(valuesOf(sucursales, 'canal').includes('KIO'), 'a store of an unknown sort');
    assert.ok(valuesOf(acuerdos, 'sucursal').includes(null), 'an agreement about no store');
    const keys = sucursales.map(({ tercero, sucursal }) => `${tercero}-${sucursal}`);
    assert.equal(new Set(keys).size, keys.length);
  });
});

describe('the same as SQL', () => {
  const columnsIn = (sql: string, table: string): string[] =>
    [
      ...new RegExp(`CREATE TABLE (?:dbo\\.)?${table} \\(\\n([^;]+)\\n\\);`).exec(sql)![1]!.matchAll(/^ {2}(\w+)/gm),
    ].map(([, name]) => name!);

  it('both databases have the tables of the rows, and the same views', () => {
    const [postgresql, sqlserver] = [definitions('postgresql'), definitions('sqlserver')];
    for (const [table, all] of Object.entries(rows) as [string, TableRow[]][]) {
      assert.deepEqual(columnsIn(postgresql, table), Object.keys(all[0]!));
      assert.deepEqual(columnsIn(sqlserver, table), Object.keys(all[0]!));
    }
    const views = (sql: string): string[] =>
      [...sql.matchAll(/CREATE VIEW (?:dbo\.)?(\w+) AS/g)].map(([, name]) => name!);
    assert.deepEqual(views(postgresql), ['terceros_view', 'sucursales_view', 'acuerdos_view']);
    assert.deepEqual(views(sqlserver), views(postgresql));
  });

  it('texts are quoted, and no insert has more rows than SQL Server takes', () => {
    const many = {
      ...rows,
      terceros: Array.from({ length: 1_201 }, () => ({ a: "D'Acosta", b: null })),
      sucursales: [],
    };
    const texts = inserts({ ...many, acuerdos: [] }, 'sqlserver');
    assert.deepEqual(
      texts.map((text) => text.split('\n').length - 2),
      [500, 500, 201],
    );
    assert.match(texts[0]!, /^INSERT INTO dbo\.terceros \(a, b\) VALUES\n\(N'D''Acosta', NULL\),/);
    assert.match(
      inserts({ ...many, acuerdos: [] }, 'postgresql')[0]!,
      /^INSERT INTO terceros .*\n\('D''Acosta', NULL\),/,
    );
  });
});
