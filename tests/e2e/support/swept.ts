import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { System } from '../../../src/flows/cases/told/system.ts';

const RECENT_MS = 60_000;
const MAX_MS = 30_000;

/**
 * Waits until the middle layer has swept since the clocks were moved: a jump of minutes looks like an outage of as
 * many minutes until then, and reconciliation rightly takes what moved for in flight.
 */
export const swept = async (system: System): Promise<void> => {
  const started = Date.now();
  for (;;) {
    const { records } = await system.admin.query<{ Swept_At__c: string | null }>(
      "SELECT Swept_At__c FROM Sync_Control__c WHERE Key__c = 'Default'",
    );
    const at = Date.parse(records[0]?.Swept_At__c ?? '');
    if (Date.now() + system.offset() - at < RECENT_MS) return;
    assert.ok(Date.now() - started < MAX_MS, `the middle layer has not swept since ${records[0]?.Swept_At__c}`);
    await pause(50);
  }
};
