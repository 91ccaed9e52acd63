import type { System } from '../../src/flows/cases/told/system.ts';
import type { Admin } from './admin.ts';

export interface AuditEntry {
  at: string;
  target: string;
  kind: string;
  outcome: string;
  durationMs: number | null;
}

/** Keys of one request for trails, and values of an IN list that a URL holds. */
const AT_ONCE = 200;

/** The middle layer's audit trail of Cases, oldest entry first, by Case id. */
export const readTrails = async (
  { middleLayer, operatorToken }: System,
  admin: Admin,
  cases: { id: string }[],
): Promise<Map<string, AuditEntry[]>> => {
  const trails = new Map<string, AuditEntry[]>();
  for (let start = 0; start < cases.length; start += AT_ONCE) {
    const ids = cases.slice(start, start + AT_ONCE).map(({ id }) => `'${id}'`);
    const rows = await admin.query<{ Id: string; Sync_Key__c: string }>(
      `SELECT Id, Sync_Key__c FROM Case WHERE Id IN (${ids.join(',')})`,
    );
    const response = await fetch(`${middleLayer.url}/v1/audit`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ keys: rows.map((row) => row.Sync_Key__c) }),
    });
    if (!response.ok) throw new Error(`the middle layer answered ${response.status} when asked for its audit trail`);
    const answer = (await response.json()) as { trails: { key: string; entries: AuditEntry[] }[] };
    const byKey = new Map(answer.trails.map(({ key, entries }) => [key, entries]));
    for (const row of rows) trails.set(row.Id, byKey.get(row.Sync_Key__c)!);
  }
  return trails;
};
