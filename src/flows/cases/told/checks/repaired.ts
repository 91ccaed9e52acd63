import { strict as assert } from 'node:assert';
import { REGISTRY } from '../system.ts';
import { settle } from '../../../../story/settle.ts';
import { createCase, untilSuccess } from './cases.ts';
import { until, type Check } from '../../../../story/checks.ts';

const LOST = 'loseIncoming.writeBack';

export const repaired: Check = {
  name: 'CaseReconciliationJob repairs a write-back that was lost after it was reported delivered',
  localOnly: true,
  async run(world) {
    const system = world.local!;
    const { control } = system.part(REGISTRY);
    const lost = async (): Promise<number> =>
      (await control.get<{ counts: Record<string, number> }>('/control/faults')).counts[LOST] ?? 0;
    const before = await lost();
    await control.post('/control/faults', { loseIncoming: { writeBack: 1 } });
    const id = await createCase(world, { Subject: 'Elevator stuck' });
    await until(world, 'the write-back is lost', async () => {
      const count = await lost();
      return count > before ? { done: count } : { seen: count };
    });
    await control.post('/control/faults', { loseIncoming: {} });
    await settle(system);
    await untilSuccess(world, id, 1);
    const { records } = await world.admin.query<{ found: number | null }>(
      'SELECT SUM(Found_Lost_Write_Backs__c) found FROM Reconciliation_Run__c',
    );
    assert.ok((records[0]?.found ?? 0) >= 1, 'a run of the job found it');
  },
};
