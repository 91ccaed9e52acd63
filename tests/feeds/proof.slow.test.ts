/** Equality by sums of digests: the sample with the triggers that an admin may deploy beside it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from 'kernel/random.ts';
import { FeedConfig } from '../../src/feeds/config.ts';
import type { RunOutcome } from '../../src/feeds/run.ts';
import type { Feed } from '../../src/feeds/types.ts';
import { projectOf } from '../support/project-with.ts';
import { textColumn, type ListedRow } from './support/listed-source.ts';
import { Retail } from './support/retail.ts';

const SAMPLE = 'samples/companies';
const { feeds } = JSON.parse(readFileSync(`${SAMPLE}/feeds.json`, 'utf8')) as { feeds: Record<string, Feed> };
const digested = Object.fromEntries(
  Object.entries(feeds).map(([name, feed]) => [name, { ...feed, policy: { ...feed.policy, digests: true } }]),
);
const companies = { ACME: { source: { kind: 'embedded', timeoutMs: 60_000, timeZone: 'UTC' } } };
const config = new FeedConfig('feeds.json', { companies, feeds: digested } as never);

const COLUMNS = {
  terceros_view: 'empresa,codigo,nit,dv,razon_social,telefono,direccion,ciudad,cupo_credito,fecha_vinculacion,activo',
  sucursales_view:
    'tercero,sucursal,nombre,canal,direccion,barrio,ciudad,departamento,telefono,correo,fecha_apertura,activa',
  acuerdos_view: 'acuerdo,tercero,clave_sucursal,descripcion,valor,descuento,desde,hasta,estado,observaciones',
};
const TYPED: Record<string, 'decimal' | 'date'> = {
  cupo_credito: 'decimal',
  valor: 'decimal',
  descuento: 'decimal',
  fecha_vinculacion: 'date',
  fecha_apertura: 'date',
  desde: 'date',
  hasta: 'date',
};

const random = seededRandom(11);
const drawn = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)]!;
/** Texts that have to be written the same way by Apex and by us. */
const TEXTS = [
  'Ñandú',
  ' blanks ',
  'a\r\nb\rc',
  'back\\slash',
  'x=y',
  '🎉 "q"',
  '-',
  '0012',
  'É',
  'é',
  'Tab\tin',
  '\u00a0nbsp\u00a0',
  'ﬁ',
];
const NUMBERS = ['0', '0.5', '12345678901.25', '-3.1', '1000', '0.01', '99', null];
const DATES = ['2020-02-29', '1900-01-01', '1999-12-31', '2026-01-05', null];

const accountRow = (at: number): ListedRow => ({
  empresa: 'ITALCOL',
  codigo: `0${at}`,
  nit: '890900608',
  dv: '9',
  razon_social: `${drawn(TEXTS)} ${at}`,
  telefono: null,
  direccion: drawn([...TEXTS, null]),
  ciudad: drawn([...TEXTS, '', null]),
  cupo_credito: drawn(NUMBERS),
  fecha_vinculacion: drawn(DATES),
  activo: drawn(['S', 'N', null]),
});
const storeRow = (at: number): ListedRow => ({
  tercero: at % 7 === 0 ? null : `0${at % 30}`,
  sucursal: `s${at}`,
  nombre: `store ${at}`,
  canal: drawn(['TIE', 'SUP', null]),
  direccion: drawn(TEXTS),
  barrio: null,
  ciudad: 'Bogotá',
  departamento: null,
  telefono: null,
  correo: null,
  fecha_apertura: drawn(DATES),
  activa: 'S',
});

describe('equality by sums', () => {
  const project = projectOf(['force-app/core', 'force-app/feeds'], `${SAMPLE}/main`, `${SAMPLE}/digests`);
  const rows = Array.from({ length: 120 }, (_, at) => accountRow(at));
  let retail: Retail;
  const list = (view: keyof typeof COLUMNS, listed: ListedRow[]): void => {
    const columns = COLUMNS[view].split(',').map((name) => {
      const type = TYPED[name] ?? 'text';
      const digits = type === 'decimal' ? { precision: 18, scale: 2 } : {};
      return textColumn(name, { type, declared: type, ...digits });
    });
    retail.source.set(view, columns, listed);
  };
  const proven = async (feed: string): Promise<RunOutcome & { proof: NonNullable<RunOutcome['proof']> }> => {
    const outcome = await retail.run(feed);
    assert.ok(outcome.proof, `${outcome.status} ${outcome.reasons.join()} ${JSON.stringify(outcome.findings)}`);
    return { ...outcome, proof: outcome.proof };
  };
  before(async () => {
    retail = await Retail.open({
      project,
      grants: ['Companies_Feeds', 'Companies_Digests', 'Concord_Feeds_Integration'],
    });
    retail.config = config;
    list('terceros_view', rows);
    list(
      'sucursales_view',
      Array.from({ length: 60 }, (_, at) => storeRow(at)).filter(({ tercero }) => tercero !== null),
    );
  });
  after(() => retail.close());

  it('one call says that all are equal, whatever they hold, look-ups too', async () => {
    for (const [feed, count] of [
      ['accounts', 120],
      ['stores', 51],
    ] as const) {
      const { status, proof, findings } = await proven(feed);
      assert.deepEqual(
        [status, proof.isEqual, proof.records, proof.calls],
        ['succeeded', true, count, 1],
        JSON.stringify(findings),
      );
    }
    const told = await retail.held('SELECT Proof__c FROM Feed_Run__c ORDER BY Name DESC LIMIT 1');
    assert.deepEqual(told, [{ Proof__c: 'view and Salesforce are equal: 51 records by their sums in 1 API call' }]);
  });

  it('the Feed Digests of the sample name what the view owns, and what was sent for a digest is dropped', async () => {
    retail.apex(`Account held = [SELECT Feed_Digest_D__c FROM Account WHERE ti_tercero_id__c = 'ACME-05'];
      update new Account(Id = held.Id, Feed_Digest_D__c = 1, Website = 'x.example');
      Assert.areEqual(held.Feed_Digest_D__c, [SELECT Feed_Digest_D__c FROM Account WHERE Id = :held.Id].Feed_Digest_D__c);`);
    assert.equal((await proven('accounts')).proof.isEqual, true);
  });

  it('an edit past the fence is found by its part, and put back by the next run', async () => {
    const { client } = await retail.parts();
    await client.change('PATCH', '/sobjects/Account/ti_tercero_id__c/ACME-07', { BillingCity: 'elsewhere' });
    const { proof, findings, counts } = await proven('accounts');
    assert.deepEqual(
      [proof.isEqual, proof.differing.length, proof.different, counts.updated],
      [false, 1, ['ACME-07'], 0],
    );
    assert.match(findings.map(({ message }) => message).join(), /the sums of 1 parts differ from the view's.*ACME-07/);
    const next = await proven('accounts');
    assert.deepEqual([next.counts.updated, next.proof.isEqual], [1, true]);
  });

  it('look-ups that a deletion emptied without any trigger are noticed', async () => {
    retail.apex("delete [SELECT Id FROM Account WHERE ti_tercero_id__c = 'ACME-01'];");
    const { proof } = await proven('stores');
    assert.deepEqual([proof.isEqual, proof.undigested], [false, 0]);
    assert.deepEqual([(await proven('accounts')).proof.isEqual, (await proven('stores')).proof.isEqual], [true, true]);
  });

  it('records without a digest, and sums that cannot be asked for, prove nothing and end no run', async () => {
    const isSums = (url: string): boolean => url.includes('GROUP%20BY%20Feed_Digest_Part__c');
    retail.intercept = async (request) => {
      if (!isSums(request.url)) return null;
      const answer = await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      const told = JSON.parse(answer.body) as { records: object[]; totalSize: number };
      const records = [...told.records, { part: null, n: 3, k1: null, k2: null, d: null }];
      return { ...answer, body: JSON.stringify({ ...told, records, totalSize: records.length }) };
    };
    const { proof, findings } = await proven('accounts');
    assert.deepEqual([proof.isEqual, proof.undigested, proof.differing], [false, 3, []]);
    assert.match(findings[0]!.message + findings[0]!.remedy, /3 records have no digest.*FeedDigestBackfill/);
    const body = '[{"errorCode":"INVALID_FIELD","message":"No such column"}]';
    retail.intercept = async ({ url }) => (isSums(url) ? { status: 400, headers: {}, body } : null);
    const without = await retail.run('accounts');
    retail.intercept = async () => null;
    assert.deepEqual([without.status, without.proof], ['succeeded', null]);
    assert.match(without.findings[0]!.message, /nothing is proven by sums: .*No such column/);
  });

  it('parts of rows that are refused, or vanished, prove nothing, and the others do', async () => {
    list('terceros_view', [{ ...rows[0]!, cupo_credito: '0.001' }, ...rows.slice(1, -1)]);
    const { proof } = await proven('accounts');
    assert.deepEqual([proof.isEqual, proof.unproven, proof.differing], [false, 2, []]);
  });

  it('the Apex tests of digests pass', () => {
    const { outcomes } = retail.org.runTests({ classNames: ['FeedDigestsTest', 'FeedDigestTriggersTest'] });
    assert.equal(outcomes.length, 8);
    assert.deepEqual(
      outcomes.filter(({ outcome }) => outcome !== 'Pass'),
      [],
    );
  });
});
