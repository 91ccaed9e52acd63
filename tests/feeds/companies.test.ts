/** The sample of three companies: what a feed writes there, as a user with two permission sets and nothing else. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import { projectOf, type ProjectWith } from '../support/project-with.ts';

const SAMPLE = 'samples/companies/main';
const FEED_USER = 'feeds@companies.example';
const DATA = `/services/data/v${API_VERSION}`;

interface Saved {
  success: boolean;
  created: boolean;
  errors: { statusCode: string }[];
}

/** Core, feeds and the sample, and the user whom the feeds log in as. */
class Companies {
  readonly #project: ProjectWith = projectOf(['force-app/core', 'force-app/feeds'], SAMPLE);
  readonly #clock = new ManualClock(Date.UTC(2026, 0, 5, 5));
  readonly org: LocalOrg = createOrg({
    projectDir: this.#project.folder,
    clock: this.#clock,
    random: seededRandom(1),
    connectedApps: [{ consumerKey: 'feeds', consumerSecret: 's', runAs: FEED_USER }],
  });
  #token = '';

  async open(): Promise<void> {
    this.#apex(
      `insert new User(Username = '${FEED_USER}', Email = '${FEED_USER}', LastName = 'feeds', Alias = 'feeds',
         ProfileId = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - API Only Integrations'].Id,
         TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US');`,
    );
    this.#apex(
      `Id userId = [SELECT Id FROM User WHERE Username = '${FEED_USER}'].Id;
       for (PermissionSet granted : [SELECT Id FROM PermissionSet WHERE Name IN ('Companies_Feeds', 'Concord_Feeds_Integration')]) {
         insert new PermissionSetAssignment(AssigneeId = userId, PermissionSetId = granted.Id);
       }`,
    );
    const { body } = await this.org.handle({
      method: 'POST',
      url: '/services/oauth2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'org.test' },
      body: 'grant_type=client_credentials&client_id=feeds&client_secret=s',
    });
    this.#token = (JSON.parse(body) as { access_token: string }).access_token;
  }

  close(): void {
    this.org.close();
    this.#project.remove();
  }

  #apex(text: string): void {
    const { success, compileProblem, exceptionMessage } = this.org.executeAnonymous(text);
    assert.ok(success, compileProblem ?? exceptionMessage ?? '');
  }

  async send(method: string, path: string, body: string, type = 'application/json'): Promise<string> {
    const answer = await this.org.handle({
      method,
      url: `${DATA}${path}`,
      headers: { host: 'org.test', 'content-type': type, authorization: `Bearer ${this.#token}` },
      body,
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  }

  async upsert(object: string, externalId: string, records: Record<string, unknown>[]): Promise<Saved[]> {
    const body = JSON.stringify({
      allOrNone: false,
      records: records.map((record) => ({ attributes: { type: object }, ...record })),
    });
    return JSON.parse(await this.send('PATCH', `/composite/sobjects/${object}/${externalId}`, body)) as Saved[];
  }

  /** Lines of CSV through an ingest job; how many were processed, and how many of these failed. */
  async ingest(object: string, externalId: string, lines: readonly string[]): Promise<[number, number]> {
    const job = { object, operation: 'upsert', externalIdFieldName: externalId, lineEnding: 'LF' };
    const { id } = JSON.parse(await this.send('POST', '/jobs/ingest', JSON.stringify(job))) as { id: string };
    await this.send('PUT', `/jobs/ingest/${id}/batches`, `${lines.join('\n')}\n`, 'text/csv');
    await this.send('PATCH', `/jobs/ingest/${id}`, JSON.stringify({ state: 'UploadComplete' }));
    await this.#clock.advance(1_000);
    const done = JSON.parse(await this.send('GET', `/jobs/ingest/${id}`, '')) as Record<string, unknown>;
    assert.equal(done['state'], 'JobComplete');
    return [Number(done['numberRecordsProcessed']), Number(done['numberRecordsFailed'])];
  }

  async query(soql: string): Promise<unknown[]> {
    const { records } = JSON.parse(await this.send('GET', `/query?q=${encodeURIComponent(soql)}`, '')) as {
      records: Record<string, unknown>[];
    };
    return records.map(({ attributes: _, ...rest }) => rest);
  }
}

const ACCOUNTS = [
  {
    ti_tercero_id__c: 'ITALCOL-0012',
    Name: 'Agropecuaria El Ñandú',
    ti_empresa__c: 'ITALCOL',
    ti_nit__c: '890900608',
    ti_digito_verificacion__c: '9',
    ti_cupo_credito__c: 1234567890.25,
    ti_vinculado_desde__c: '2019-03-01',
    ti_activo__c: true,
    Phone: '+57 604 1234567',
    BillingCity: 'Medellín',
  },
  { ti_tercero_id__c: 'CASABLANCA-0012', Name: 'Otra', ti_empresa__c: 'CASABLANCA', ti_activo__c: true },
];

describe('the sample of three companies', () => {
  let companies: Companies;
  before(async () => {
    companies = new Companies();
    await companies.open();
  });
  after(() => companies.close());

  it('compiles, and converts to the format of the Metadata API', async () => {
    assert.deepEqual(companies.org.diagnostics, []);
    const set = ComponentSet.fromSource(resolve(import.meta.dirname, '../..', SAMPLE));
    set.sourceApiVersion = API_VERSION;
    const { zipBuffer } = await new MetadataConverter().convert(set, 'metadata', { type: 'zip' });
    assert.ok(zipBuffer && zipBuffer.length > 0);
  });

  it('accounts by external id, whatever its case: made once, changed after', async () => {
    const created = await companies.upsert('Account', 'ti_tercero_id__c', ACCOUNTS);
    assert.deepEqual(
      created.map((saved) => [saved.success, saved.created]),
      [
        [true, true],
        [true, true],
      ],
    );
    const [again] = await companies.upsert('Account', 'ti_tercero_id__c', [
      { ti_tercero_id__c: 'italcol-0012', Phone: null, ti_activo__c: false },
    ]);
    assert.deepEqual([again!.success, again!.created], [true, false]);
    assert.deepEqual(
      await companies.query(
        "SELECT Name, ti_cupo_credito__c, ti_vinculado_desde__c, Phone, BillingCity, ti_activo__c FROM Account WHERE ti_nit__c = '890900608'",
      ),
      [
        {
          Name: 'Agropecuaria El Ñandú',
          ti_cupo_credito__c: 1234567890.25,
          ti_vinculado_desde__c: '2019-03-01',
          Phone: null,
          BillingCity: 'Medellín',
          ti_activo__c: false,
        },
      ],
    );
  });

  it('stores below their account; one without its parent, or of an unknown sort, fails alone', async () => {
    const store = (id: string, account: string, channel: string) => ({
      ti_sucursal_id__c: id,
      Name: `Sucursal ${id}`,
      ti_tercero__r: { ti_tercero_id__c: account },
      ti_codigo__c: '001',
      ti_canal__c: channel,
      ti_correo__c: 'tienda@example.com',
      ti_activa__c: true,
    });
    const saved = await companies.upsert('ti_sucursal__c', 'ti_sucursal_id__c', [
      store('ITALCOL-0012-001', 'ITALCOL-0012', 'Tienda'),
      store('ITALCOL-0099-001', 'ITALCOL-0099', 'Tienda'),
      store('ITALCOL-0012-002', 'ITALCOL-0012', 'Kiosco'),
    ]);
    assert.deepEqual(
      saved.map(({ errors }) => errors.map(({ statusCode }) => statusCode)),
      [[], ['INVALID_FIELD'], ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST']],
    );
  });

  it('agreements through an ingest job, their store and account by external id', async () => {
    const line = (id: string, store: string) =>
      `${id},Acuerdo ${id},${store},ITALCOL-0012,1500.50,12.5,2026-01-01,Vigente`;
    assert.deepEqual(
      await companies.ingest('ti_acuerdo__c', 'ti_acuerdo_id__c', [
        'ti_acuerdo_id__c,Name,ti_sucursal__r.ti_sucursal_id__c,ti_tercero__r.ti_tercero_id__c,ti_valor__c,ti_descuento__c,ti_inicio__c,ti_estado__c',
        line('ITALCOL-A1', 'ITALCOL-0012-001'),
        line('ITALCOL-A2', 'ITALCOL-0077-001'),
      ]),
      [2, 1],
    );
    assert.deepEqual(
      await companies.query(
        'SELECT ti_acuerdo_id__c, ti_valor__c, ti_descuento__c, ti_fin__c, ti_estado__c FROM ti_acuerdo__c',
      ),
      [
        {
          ti_acuerdo_id__c: 'ITALCOL-A1',
          ti_valor__c: 1500.5,
          ti_descuento__c: 12.5,
          ti_fin__c: null,
          ti_estado__c: 'Vigente',
        },
      ],
    );
  });

  it('a run and a refusal of it', async () => {
    const [run] = await companies.upsert('Feed_Run__c', 'Run_Key__c', [
      { Run_Key__c: 'r1', Company__c: 'ITALCOL', Feed__c: 'accounts', Status__c: 'Running' },
    ]);
    assert.deepEqual([run!.success, run!.created], [true, true]);
    const [refusal] = await companies.upsert('Feed_Refusal__c', 'Refusal_Key__c', [
      { Refusal_Key__c: 'ITALCOL accounts 1', Company__c: 'ITALCOL', Run__r: { Run_Key__c: 'r1' } },
    ]);
    assert.deepEqual([refusal!.success, refusal!.created], [true, true]);
  });
});
