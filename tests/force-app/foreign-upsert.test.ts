/** A tool of somebody else upserts Cases by the field that belongs to the external system: unmodified jsforce. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsforce from 'jsforce';
import { ShiftableClock } from 'kernel/clock.ts';
import { serve } from 'kernel/http.ts';
import { systemRandom } from 'kernel/random.ts';
import { createOrg } from '../../packages/local-org/src/index.ts';

let org: ReturnType<typeof createOrg>;
let server: Awaited<ReturnType<typeof serve>>;
let connection: jsforce.Connection;

before(async () => {
  org = createOrg({ projectDir: '.', clock: new ShiftableClock(), random: systemRandom });
  server = await serve((request) => org.handle(request));
  connection = new jsforce.Connection({
    instanceUrl: server.url,
    accessToken: org.info.accessToken,
    version: '67.0',
  });
});
after(async () => {
  await server.close();
  org.close();
});

const REFUSED = /may not bring fields of Concord: External_Id__c\..*upsert it by an external id of your own/;

test('an upsert by the external id makes no Case, however often it runs', async () => {
  for (let run = 0; run < 2; run++) {
    await assert.rejects(
      connection.sobject('Case').upsert({ External_Id__c: 'ERP-1', Subject: 'Noise' }, 'External_Id__c'),
      (error: { errorCode?: string; message: string }) => {
        assert.equal(error.errorCode, 'FIELD_CUSTOM_VALIDATION_EXCEPTION');
        assert.match(error.message, REFUSED);
        return true;
      },
    );
  }
  assert.equal((await connection.query('SELECT Id FROM Case')).totalSize, 0);
});

test('of a collection only the Cases that bring it are refused', async () => {
  const results = await connection
    .sobject('Case')
    .create([{ Subject: 'of ours' }, { Subject: 'of theirs', External_Id__c: 'ERP-2' }]);
  assert.deepEqual(
    results.map(({ success }) => success),
    [true, false],
  );
  assert.match((results[1]!.errors[0] as unknown as { message: string }).message, REFUSED);
});
