import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { RequestMessage } from '../../src/shared/case-messages.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { TestRegistry } from './support/registry.ts';
import { requestOf } from './support/request.ts';

const SECRET = 'Ada, of Elm Street 9';

let db: Database;
let registry: TestRegistry;
let key: string;
let externalId: string;

const request = (version: number, subject: string, of = key): RequestMessage =>
  requestOf(of, version, { Subject: subject, Status: 'New' }, { extra: { Notes: `${subject}, in confidence` } });

const deletion = { kind: 'deletion', caseId: '500000000000001AAA', reason: 'Deleted', masterKey: null } as const;

/** Rows of the whole database that hold the secret, by the server's own writing of a row. */
const rowsWith = async (words: string): Promise<number> => {
  const tables = ['case_record', 'case_revision', 'case_request', 'case_repair', 'outbox', 'salesforce_deletion'];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table} t WHERE t::text LIKE $1)`);
  const [row] = await db.query<{ n: number }>(`SELECT (${counts.join(' + ')})::int AS n`, [`%${words}%`]);
  return row!.n;
};

before(async () => (db = await openPglite()));
after(() => db.close());
beforeEach(async () => {
  registry = await TestRegistry.open(db);
  await db.script('TRUNCATE case_record, case_revision, case_request, case_repair, salesforce_deletion, outbox');
  key = randomUUID();
  await registry.send(request(1, SECRET), request(1, 'of somebody else', randomUUID()));
  externalId = (await registry.call('GET', `/v1/cases/by-key/${key}`)).body.externalId;
  const repair = { run: randomUUID(), undoes: null, before: { Subject: SECRET } };
  const carried = await registry.call('POST', `/v1/cases/${externalId}/carry`, {
    values: { Subject: `${SECRET}, repaired` },
    repair,
    ifRevision: 1,
  });
  assert.equal(carried.status, 200, JSON.stringify(carried.body));
  await registry.delivered();
});

const deleteCase = async (): Promise<void> => {
  await registry.send({ ...deletion, id: randomUUID(), key, at: '2026-01-05T09:00:00Z', tombstoneId: 'a01' });
  await registry.delivered();
};

test('a deleted record is emptied everywhere, keeps its numbers, and the search proves it', async () => {
  await deleteCase();
  assert.ok((await rowsWith('Elm Street 9')) >= 4, 'record, revisions, request, repair');
  const rehearsal = await registry.call('POST', '/v1/erasures', { key, dryRun: true });
  assert.ok(rehearsal.body.texts.includes(`${SECRET}, repaired`));
  assert.ok(rehearsal.body.texts.includes(`${SECRET}, in confidence`));
  assert.ok((await rowsWith('Elm Street 9')) >= 4, 'a rehearsal erases nothing');

  const { status, body } = await registry.call('POST', '/v1/erasures', { key, texts: ['of somebody else'] });
  assert.equal(status, 200);
  const { records, revisions, requests, repairs } = body.rows;
  assert.deepEqual([records, revisions, requests, repairs], [1, 2, 1, 1]);
  assert.equal(await rowsWith('Elm Street 9'), 0);
  assert.deepEqual(
    body.search.found.filter(({ ofKey }: { ofKey: number }) => ofKey > 0),
    [],
  );
  assert.ok(body.search.found.some(({ ofOthers }: { ofOthers: number }) => ofOthers > 0));
  assert.ok((await rowsWith('of somebody else')) > 0, 'other records are as they were');

  const record = (await registry.call('GET', `/v1/cases/${externalId}`)).body;
  assert.deepEqual([record.values, record.revision, record.key], [{}, 2, key]);
  assert.ok(record.deletedAt);
  // what comes late brings nothing back
  await registry.send(request(2, SECRET));
  assert.deepEqual(
    (await registry.delivered()).map(({ kind }) => kind),
    ['refused', 'deleted'],
  );
});

test('a record that lives on loses what it held before, keeps what it holds, and the search proves it', async () => {
  await registry.send(request(2, 'anonymised'));
  const [answer] = await registry.delivered();
  assert.equal(answer!.kind, 'record');
  const { revision } = answer as { revision: number };
  await registry.send({ kind: 'acknowledge', id: randomUUID(), key, externalId, revision, success: true });
  const now = (await registry.call('GET', `/v1/cases/${externalId}`)).body.values as Record<string, unknown>;
  const kept = Object.values(now).filter((value) => typeof value === 'string' && value !== '');
  const { status, body } = await registry.call('POST', '/v1/erasures', { key, former: true, kept });
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(body.rows.revisions >= 2 && body.rows.requests === 1 && body.rows.repairs === 1, JSON.stringify(body.rows));
  assert.ok(body.texts.includes(SECRET) && !body.texts.includes('anonymised'));
  assert.deepEqual(
    body.search.found.filter(({ ofKey }: { ofKey: number }) => ofKey > 0),
    [],
  );
  assert.equal(await rowsWith('Elm Street 9'), 0);
  const record = (await registry.call('GET', `/v1/cases/${externalId}`)).body;
  assert.equal(record.values.Subject, 'anonymised');
  await deleteCase();
  const deleted = await registry.call('POST', '/v1/erasures', { key, former: true });
  assert.deepEqual([deleted.status, deleted.body.errorCode], [409, 'RECORD_DELETED']);
});

test('what a record needs for its next request stays, and is told', async () => {
  const { body } = await registry.call('POST', '/v1/erasures', { key, former: true, kept: [] });
  // Salesforce has not taken the repair yet: the next request is merged on what it holds
  assert.ok(
    body.search.found.some(
      ({ table, ofKey }: { table: string; ofKey: number }) => table === 'case_revision' && ofKey > 0,
    ),
    JSON.stringify(body.search.found),
  );
});

test('a record that lives, and one with a message under way, are refused in words', async () => {
  const living = await registry.call('POST', '/v1/erasures', { key });
  assert.deepEqual([living.status, living.body.errorCode], [409, 'RECORD_LIVES']);
  assert.match(
    living.body.message,
    /is not deleted, neither here nor in Salesforce: delete it first; nothing was erased/,
  );
  await registry.call('DELETE', `/v1/cases/${externalId}`);
  const underWay = await registry.call('POST', '/v1/erasures', { key });
  assert.deepEqual([underWay.status, underWay.body.errorCode], [409, 'UNDER_WAY']);
  assert.ok((await rowsWith('Elm Street 9')) >= 4);
  await registry.delivered();
  assert.equal((await registry.call('POST', '/v1/erasures', { key })).status, 200);
  assert.equal(await rowsWith('Elm Street 9'), 0);
});
