/** Many rows through ingest jobs: what a job tells is matched by external id, and a job is never made twice. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { json, TransportError } from 'kernel/http.ts';
import { runFeed } from '../../src/feeds/run.ts';
import { account, accounts, Retail } from './support/retail.ts';

const created = (retail: Retail): string[] => retail.sent.filter((sent) => /^POST .*\/jobs\/ingest$/.test(sent));

describe('a feed through bulk jobs', () => {
  let retail: Retail;
  before(async () => {
    retail = await Retail.open();
    retail.bulkFrom = 100;
  });
  beforeEach(() => {
    retail.intercept = async () => null;
  });
  after(() => retail.close());

  it('a first load: one job, exact values, quotes and line ends', async () => {
    const rows = accounts(600);
    rows[0] = account('0001', { credit: '99999999999999.1234', phone: null, name: 'Café, "quoted"\nline' });
    retail.list('accounts', rows);
    let upload = '';
    retail.intercept = async ({ method, body }) => {
      if (method === 'PUT') upload = body;
      return null;
    };
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.equal(outcome.counts.created, 600);
    assert.match(upload, /^ACME-0001,"Café, ""quoted""\nline",#N\/A,99/m, 'no default takes the place of nothing');
    assert.equal(created(retail).length, 1);
    assert.ok(outcome.apiCalls <= 14, retail.sent.join('\n'));
    assert.deepEqual(
      await retail.held("SELECT Name, Phone, Limit__c, Description FROM Account WHERE Key__c = 'ACME-0001'"),
      [
        {
          Name: 'Café, "quoted"\nline',
          Phone: null,
          Limit__c: Number('99999999999999.1234'),
          Description: 'first note of 0001',
        },
      ],
    );
    const again = await retail.run('accounts');
    assert.equal(again.counts.unchanged, 600);
  });

  it('more rows than fit into a job: several, each row in one of them', async () => {
    const most = 5_000;
    const sizes: number[] = [];
    retail.list(
      'accounts',
      accounts(600).map((row, index) => (index < 300 ? { ...row, phone: '601 555 0101' } : row)),
    );
    retail.intercept = async ({ method, body }) => {
      if (method === 'PUT') sizes.push(body.length);
      return null;
    };
    await retail.orgClock.advance(24 * 3_600_000);
    retail.sent.length = 0;
    const parts = { ...(await retail.parts()), bytesAJob: most };
    const outcome = await runFeed(parts, retail.config.feed('ACME', 'accounts'));
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.equal(outcome.counts.updated, 300);
    assert.ok(sizes.length >= 3 && Math.max(...sizes) < 1.2 * most, sizes.join());
    assert.equal(created(retail).length, sizes.length);
    assert.equal(retail.sent.filter((sent) => sent.startsWith('PATCH') && sent.includes('/composite/')).length, 0);
    retail.list('accounts', accounts(600));
    await retail.run('accounts');
  });

  it('an update: nothing means nothing, what people own stays, and a text that reads as nothing is a text', async () => {
    retail.apex("Account a = [SELECT Id FROM Account WHERE Key__c = 'ACME-0002']; a.Description = 'ours'; update a;");
    const rows = accounts(600).map((row, index) => (index < 300 ? { ...row, phone: null } : row));
    rows[2] = account('0003', { name: '#N/A' });
    retail.list('accounts', rows);
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.deepEqual(
      await retail.held(
        "SELECT Name, Phone, Description FROM Account WHERE Key__c IN ('ACME-0002', 'ACME-0003') ORDER BY Key__c",
      ),
      [
        { Name: 'account 0002', Phone: null, Description: 'ours' },
        { Name: '#N/A', Phone: '601 555 0100', Description: 'first note of 0003' },
      ],
    );
  });

  it('what Salesforce refuses of a job is told by row, field and reason, and tried again', async () => {
    const rows = accounts(600).map((row, index) => (index < 200 ? { ...row, phone: '2' } : { ...row }));
    rows[5] = account('0006', { name: 'x'.repeat(200), phone: '2' });
    retail.list('accounts', rows);
    // the describe promises more than the object keeps: as when a rule refuses
    retail.intercept = async (request) => {
      if (!request.url.endsWith('/describe')) return null;
      const answer = await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      return { ...answer, body: answer.body.replaceAll('"length":40,', '"length":400,') };
    };
    rows[7] = account('0008', { phone: '3'.repeat(60) });
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'rows failed');
    assert.equal(outcome.counts.failed, 1, JSON.stringify(outcome.counts));
    const { problem } = (
      await retail.db.query<{ problem: { code: string; field: string } }>(
        "SELECT problem FROM feed_row WHERE external_id = 'ACME-0008'",
      )
    )[0]!;
    assert.equal(problem.code, 'STRING_TOO_LONG');
    assert.equal(problem.field, 'Phone');
    rows[7] = account('0008', { phone: '2' });
    retail.list('accounts', rows);
    const mended = await retail.run('accounts');
    assert.equal(mended.counts.updated, 1);
    assert.equal(mended.status, 'succeeded');
  });

  it('a process that dies while a job runs: the next run asks for that job, and makes none for its rows', async () => {
    retail.list(
      'accounts',
      accounts(600).map((row, index) => (index < 250 ? { ...row, phone: '9' } : row)),
    );
    let isDead = false;
    retail.intercept = async ({ method, url }) => {
      if (method === 'GET' && /\/jobs\/ingest\/[^/]+$/.test(url)) isDead = true;
      if (isDead) throw new TransportError('the process is dead');
      return null;
    };
    const died = await retail.run('accounts');
    assert.equal(died.status, 'interrupted');
    assert.equal(created(retail).length, 1);
    retail.intercept = async () => null;
    const next = await retail.run('accounts');
    assert.equal(next.status, 'succeeded', next.reasons.join());
    assert.equal(created(retail).length, 0, retail.sent.join('\n'));
    // each row counts once: what the job wrote is not unchanged, too
    const { read, updated, unchanged } = next.counts;
    assert.deepEqual({ read, updated, unchanged }, { read: 600, updated: 250, unchanged: 350 });
    assert.equal((await retail.run('accounts')).counts.unchanged, 600);
  });

  it('a job that got no rows before the process died is aborted, and its rows go with the next', async () => {
    retail.list(
      'accounts',
      accounts(600).map((row, index) => (index < 250 ? { ...row, phone: '8' } : row)),
    );
    let isDead = false;
    retail.intercept = async ({ method }) => {
      if (method === 'PUT') isDead = true;
      if (isDead) throw new TransportError('the process is dead');
      return null;
    };
    assert.equal((await retail.run('accounts')).status, 'interrupted');
    retail.intercept = async () => null;
    const next = await retail.run('accounts');
    assert.equal(next.status, 'succeeded', next.reasons.join());
    assert.equal(next.counts.updated, 250);
    assert.equal(created(retail).length, 1);
  });

  it('jobs that fail again and again end the run in words, and lose nothing', async () => {
    retail.list(
      'accounts',
      accounts(600).map((row, index) => (index < 250 ? { ...row, phone: '7' } : row)),
    );
    retail.intercept = async ({ method, url, body }) => {
      if (method === 'PATCH' && /\/jobs\/ingest\//.test(url) && body.includes('UploadComplete')) {
        const id = /ingest\/([^/]+)$/.exec(url)![1];
        await retail.org.handle({
          method,
          url,
          headers: {
            host: 'org.test',
            authorization: `Bearer ${retail.org.info.accessToken}`,
            'content-type': 'application/json',
          },
          body: '{"state":"Aborted"}',
        });
        return { status: 200, headers: {}, body: JSON.stringify({ id, state: 'UploadComplete' }) };
      }
      return null;
    };
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'interrupted', outcome.reasons.join());
    assert.match(outcome.reasons.join(), /ended as Aborted/);
    assert.equal(created(retail).length, 2);
    retail.intercept = async () => null;
    assert.equal((await retail.run('accounts')).counts.updated, 250);
  });

  it('rows whose upload was not answered go with another job, and none goes twice', async () => {
    retail.list(
      'accounts',
      accounts(600).map((row, index) => (index < 250 ? { ...row, phone: '6' } : row)),
    );
    let uploads = 0;
    retail.intercept = async (request) => {
      if (request.method !== 'PUT' || ++uploads > 2) return null;
      await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      // the answer is lost, or a copy of the upload is refused
      if (uploads === 1) throw new TransportError('no answer');
      return json(400, [{ errorCode: 'INVALIDJOBSTATE', message: 'The data of a job is uploaded once' }]);
    };
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.equal(outcome.counts.updated, 250);
    assert.equal(created(retail).length, 3);
    assert.equal(retail.sent.filter((sent) => sent.startsWith('PATCH') && sent.includes('/jobs/')).length, 3);
  });

  it('results that arrive cut are asked for again, and so is the answer that the upload is complete', async () => {
    retail.list(
      'accounts',
      accounts(600).map((row, index) => (index < 250 ? { ...row, phone: '5' } : row)),
    );
    let [cut, lost] = [0, 0];
    retail.intercept = async (request) => {
      const isResult = request.url.endsWith('/successfulResults/');
      const isComplete = request.method === 'PATCH' && request.body.includes('UploadComplete');
      if (!(isResult && cut++ === 0) && !(isComplete && lost++ === 0)) return null;
      const answer = await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      if (isComplete) throw new TransportError('no answer');
      return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
    };
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.deepEqual([cut, lost], [2, 2]);
    assert.equal(outcome.counts.updated, 250);
    assert.equal(created(retail).length, 1);
  });
});
