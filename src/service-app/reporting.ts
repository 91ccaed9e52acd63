/** The one background process that reports ads. */
import { json, TransportError, type Transport } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { pauseAfter } from '../shared/backoff.ts';
import { isReceipt } from '../shared/receipts.ts';
import { isArrayOf, isPlain, parsed } from '../shared/shapes.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { storableDiagnostic } from '../shared/text.ts';
import type { AdMessage } from '../shared/usage-messages.ts';
import type { MessageReceipt } from '../shared/case-messages.ts';
import type { Context } from './context.ts';
import { findAd, type Ad } from './db/ads.ts';
import {
  dueReports,
  markRejected,
  markTaken,
  overdueReports,
  putLast,
  queueAgain,
  type QueuedReport,
} from './db/reports.ts';

/** Where the middle layer takes ads in, and the secret that it knows this application by. */
export interface Receiver {
  url: string;
  token: string;
}

const messageOf = (ad: Ad, id: string): AdMessage => ({
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
});

/**
 * Sends the ads that are due, in the order of the queue; returns how many. What the middle layer committed waits for
 * its outcome; what it did not take goes to the end of the queue with a growing pause, so one that fails delays no
 * other. While nothing gets through at all, no ad loses its place, and the pause is the whole queue's.
 */
export const reportAds = async (context: Context, transport: Transport, receiver: Receiver): Promise<number> => {
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
  const ads = await Promise.all(due.map(({ adId }) => findAd(db, adId)));
  const sent = due.filter(({ version }, at) => ads[at]?.version === version);
  const messages = sent.map((report) => messageOf(ads[due.indexOf(report)]!, report.messageId));
  const receipts = await deliver(transport, receiver, messages);
  if (receipts === null) return 0;
  const receiptOf = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const outcomes = sent.map((report) => ({ report, receipt: receiptOf.get(report.messageId) }));
  await db.transaction(async (tx) => {
    const taken = outcomes.filter(({ receipt }) => receipt?.accepted).map(({ report }) => report);
    await markTaken(tx, taken, new Date(clock.now() + settings.askAgainMs));
    for (const { report, receipt } of outcomes) if (!receipt?.accepted) await putBack(tx, report, receipt);
  });
  return sent.length;

  async function putBack(tx: Queryable, report: QueuedReport, receipt: MessageReceipt | undefined): Promise<void> {
    if (receipt && !receipt.accepted && !receipt.retryable) {
      await markRejected(tx, report, storableDiagnostic(`${receipt.errorCode}: ${receipt.message}`));
      return;
    }
    const { backoffMs: baseMs, maxBackoffMs: maxMs } = settings;
    const pause = pauseAfter(report.attempts + 1, { baseMs, maxMs }, random);
    await putLast(tx, report, new Date(clock.now() + pause));
  }
};

/** The receipts; null: nothing got through, which says nothing of any ad. */
const deliver = async (
  transport: Transport,
  { url, token }: Receiver,
  messages: AdMessage[],
): Promise<MessageReceipt[] | null> => {
  if (messages.length === 0) return [];
  try {
    const response = await transport({
      method: 'POST',
      url: `${url}/v1/usage/ads`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: json(0, { messages }).body,
    });
    const answer = response.status === 202 ? parsed(response.body) : undefined;
    return isPlain(answer) && isArrayOf(answer.results, isReceipt) ? answer.results : null;
  } catch (error) {
    if (error instanceof TransportError) return null;
    throw error;
  }
};
