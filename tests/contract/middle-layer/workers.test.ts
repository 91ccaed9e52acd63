import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../../src/shared/sql/types.ts';
import { casesBetween } from '../../../src/flows/cases/carried/flow.ts';
import { assemble } from '../../../src/middle-layer/index.ts';
import { World } from '../../middle-layer/support/world.ts';
import { candidates } from './databases.ts';

for (const candidate of candidates) {
  describe(`several workers on ${candidate.name}`, { skip: candidate.skip }, () => {
    let db: Database;
    let close: () => Promise<void>;
    before(async () => ({ db, close } = await candidate.open()));
    after(() => close());

    it('share the work: every Case arrives, and nothing is sent twice', async () => {
      const world = new World(db);
      const ports = { salesforce: world.salesforce, external: world.external };
      const { clock, random } = world;
      const settings = { salesforceLingerMs: 0, wakeGapMs: 0 };
      const layers = await Promise.all(
        ['one', 'two', 'three'].map((worker) =>
          assemble({ db, clock, random, worker, settings }, [casesBetween(ports)]),
        ),
      );
      world.layer = layers[0]!;
      const cases = Array.from({ length: 60 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
      const applied: string[] = [];
      const apply = world.salesforce.apply;
      world.salesforce.apply = (records) => {
        applied.push(...records.map(({ key }) => key));
        return apply(records);
      };
      for (let idle = 0; idle < 2;) {
        const did = await Promise.all(layers.map((layer) => layer.step()));
        const published = await world.publish();
        idle = did.includes(true) || published > 0 ? 0 : idle + 1;
      }
      assert.ok(cases.every(({ status }) => status === 'Success'));
      assert.equal(applied.length, 60);
      assert.equal(world.external.received.length, 120);
      const [sweeps] = await db.query<{ value: number }>("SELECT value FROM counter WHERE name = 'salesforceApiCalls'");
      assert.ok(sweeps!.value < 20, `they sweep in turns: ${sweeps!.value} API calls`);
    });
  });
}
