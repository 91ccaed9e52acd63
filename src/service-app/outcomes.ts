/** What becomes of an ad's version, as the middle layer tells it. */
import { storableCode, storableDiagnostic } from '../shared/text.ts';
import type { AdOutcomeMessage } from '../shared/usage-messages.ts';
import type { Context } from './context.ts';
import { lockAd, recordApplied, recordOutcome } from './db/ads.ts';
import { endReport } from './db/reports.ts';

/** A repeat, an outcome of an older version, and one of an ad that nobody knows here change nothing. */
export const takeOutcome = ({ db }: Context, told: AdOutcomeMessage): Promise<void> =>
  db.transaction(async (tx) => {
    if (!(await lockAd(tx, told.adId))) return;
    await recordOutcome(tx, {
      adId: told.adId,
      version: told.version,
      outcome: told.outcome,
      errorCode: told.errorCode === null ? null : storableCode(told.errorCode),
      error: told.message === null ? null : storableDiagnostic(told.message),
      at: new Date(told.at),
    });
    if (told.appliedVersion !== null) await recordApplied(tx, told.adId, told.appliedVersion);
    await endReport(tx, told.adId, told.version);
  });
