import type { Queryable } from '../../../shared/sql/types.ts';
import type { SyncedField } from '../../clients/salesforce/port.ts';

/** Stores what Salesforce's settings say now. */
export const saveSettings = (
  tx: Queryable,
  settings: { orgId: string; pause: string | null; fields: readonly SyncedField[] },
): Promise<unknown> =>
  tx.query('UPDATE sweep_state SET org_id = $1, pause = $2, fields = $3::jsonb', [
    settings.orgId,
    settings.pause,
    JSON.stringify(settings.fields),
  ]);
