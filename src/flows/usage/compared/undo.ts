import type { Undo } from '../../../reconciliation/compared-object.ts';
import { readReplacedPages } from '../../../reconciliation/repair/replaced-pages.ts';
import type { BookingState } from './types.ts';

/** The service application keeps what a repair replaced in the transaction that made the ad's new version. */
export const undoOfUsage: Undo<BookingState> = {
  readReplaced: readReplacedPages,

  async restore(request, { key, before, revision }, _now, { runKey, undoes }) {
    await request('POST', '/v1/bookings/restore', { key, before, ifVersion: revision, run: runKey, undoes });
  },
};
