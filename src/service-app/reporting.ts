/** The one background process that reports ads. */
import type { Transport } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { pauseAfter } from '../shared/backoff.ts';
import { handOver, type BatchReceiver } from '../shared/batches.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { storableDiagnostic } from '../shared/text.ts';
import type { AdMessage } from '../shared/usage-messages.ts';
import type { MessageReceipt } from '../shared/case-messages.ts';
import type { Context } from './context.ts';
import { findAds, type Ad } from './db/ads.ts';
import { lastDecisions, type MadeDecision } from './db/decisions.ts';
import { toldDecision } from './decisions.ts';
import {
  dueReports,
  markRejected,
  markTaken,
  overdueReports,
  putLast,
  queueAgain,
  type QueuedReport,
} from './db/reports.ts';

const messageOf = (ad: Ad, id: string, decision: MadeDecision | undefined): AdMessage => ({
  kind: 'ad',
  id,
  adId: ad.id,
  version: ad.version,
  title: ad.title,
  contractNumber: ad.contractNumber,
  currency: ad.currency,
  bookedAt: ad.bookedAt.toISOString(),
  cancelled: ad.cancelled,
  uses: ad.uses,
  // one that was made since the ad was read goes with the version that it makes
  ...(decision && decision.carriedOut <= ad.version && { decision: toldDecision(decision) }),
});

/**
 * Sends the ads that are due, in the order of the queue; returns how many. What the middle layer committed waits for
 * its outcome; what it did not take goes to the end of the queue with a growing pause, so one that fails delays no
 * other. While nothing gets through at all, no ad loses its place, and the pause is the whole queue's.
 */
export const reportAds = async (context: Context, transport: Transport, receiver: BatchReceiver): Promise<number> => {
  const { clock, settings, db, random } = context;
  const now = clock.now();
  const overdue = await overdueReports(db, new Date(now), new Date(now + settings.askAgainMs), settings.batch);
  await queueAgain(
    db,
    overdue.map((adId) => ({ adId, messageId: randomUuid(random) })),
    new Date(now),
  );
  const due = await dueReports(db, new Date(now), new Date(now + settings.maxBackoffMs), settings.batch);
  if (due.length === 0) return 0;
  const ads = new Map(
    (
      await findAds(
        db,
        due.map(({ adId }) => adId),
      )
    ).map((ad) => [ad.id, ad]),
  );
  // changed since it was read from the queue: its newer report is there
  const sent = due.filter(({ adId, version }) => ads.get(adId)?.version === version);
  if (sent.length === 0) return 0;
  const decisions = new Map((await lastDecisions(db, [...ads.keys()])).map((decision) => [decision.adId, decision]));
  const messages = sent.map(({ adId, messageId }) => messageOf(ads.get(adId)!, messageId, decisions.get(adId)));
  const receipts = await handOver(transport, receiver, '/v1/usage/ads', messages);
  if (receipts === null) return 0;
  const receiptOf = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const isTaken = ({ messageId }: QueuedReport): boolean => receiptOf.get(messageId)?.accepted === true;
  await db.transaction(async (tx) => {
    await markTaken(tx, sent.filter(isTaken), new Date(clock.now() + settings.askAgainMs));
    for (const report of sent)
      if (!isTaken(report)) await putBack(context, tx, report, receiptOf.get(report.messageId));
  });
  return sent.length;
};

/** What was not taken: to the end of the queue, or, where it never will be, where people see it. */
const putBack = async (
  { clock, settings, random }: Context,
  tx: Queryable,
  report: QueuedReport,
  receipt: MessageReceipt | undefined,
): Promise<void> => {
  if (receipt && !receipt.accepted && !receipt.retryable) {
    await markRejected(tx, report, storableDiagnostic(`${receipt.errorCode}: ${receipt.message}`));
    return;
  }
  const { backoffMs: baseMs, maxBackoffMs: maxMs } = settings;
  const pause = pauseAfter(report.attempts + 1, { baseMs, maxMs }, random);
  await putLast(tx, report, new Date(clock.now() + pause));
};
