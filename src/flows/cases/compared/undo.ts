import type { Undo } from '../../../reconciliation/compared-object.ts';
import { readReplacedPages } from '../../../reconciliation/repair/replaced-pages.ts';
import type { RegistryState } from './types.ts';

/** The registry keeps what a repair replaced in the transaction that made the revision. */
export const undoOfCases: Undo<RegistryState> = {
  readReplaced: readReplacedPages,

  async restore(request, { before, revision }, now, { runKey, undoes }) {
    await request('POST', `/v1/cases/${now.externalId}/carry`, {
      values: before,
      ifRevision: revision,
      repair: {
        run: runKey,
        undoes,
        before: Object.fromEntries(Object.keys(before).map((field) => [field, now.values[field] ?? null])),
      },
    });
  },
};
