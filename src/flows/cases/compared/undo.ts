import type { Replaced, Undo } from '../../../reconciliation/compared-object.ts';
import type { RegistryState } from './types.ts';

/** The registry keeps what a repair replaced in the transaction that made the revision. */
export const undoOfCases: Undo<RegistryState> = {
  async readReplaced(request, run, key) {
    const repairs: Replaced[] = [];
    for (let after: string | null = ''; after !== null;) {
      const query = new URLSearchParams({ run, after, ...(key === null ? {} : { key }) });
      const page: { repairs: Replaced[]; next: string | null } = await request(
        'GET',
        `/v1/repairs?${query.toString()}`,
      );
      repairs.push(...page.repairs);
      after = page.next;
    }
    return repairs;
  },

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
