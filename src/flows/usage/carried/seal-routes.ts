/** What the service application asks of seals, and what it says of them. */
import { json } from 'kernel/http.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { malformed, messagesIn } from '../../../shared/batches.ts';
import type { MessageReceipt } from '../../../shared/case-messages.ts';
import { checkOwnSeal } from '../../../shared/check-usage-message.ts';
import { RequestError, type Route } from '../../../shared/router.ts';
import { AD_BATCH_LIMIT, type OwnSealMessage } from '../../../shared/usage-messages.ts';
import { findSeal, isSealKnown, saveOwnSeal } from './db/seals.ts';
import { keyOfContract } from './drafts.ts';

/** `GET /v1/usage/seals?contract=`: what was taken of a contract when it was fulfilled, and what the application said of it. */
export const getSeal =
  (context: FlowContext): Route =>
  async ({ query }) => {
    const contractNumber = query.get('contract');
    if (!contractNumber)
      throw new RequestError(400, 'BAD_REQUEST', 'contract is missing: give the number of a contract');
    const seal = await findSeal(context.db, contractNumber);
    if (!seal) throw new RequestError(404, 'NOT_FOUND', `no seal of contract ${contractNumber} was taken yet`);
    return json(200, seal);
  };

/** `POST /v1/usage/own-seals`: what the application makes of its own bookings. A difference is an alarm of `/v1/status`. */
export const postOwnSeals =
  (context: FlowContext): Route =>
  async (request) => {
    const results: MessageReceipt[] = [];
    for (const given of messagesIn(request, AD_BATCH_LIMIT)) {
      const problem = checkOwnSeal(given);
      results.push(problem ? malformed(given, problem) : await keep(context, given as OwnSealMessage));
    }
    return json(202, { results });
  };

const keep = (context: FlowContext, own: OwnSealMessage): Promise<MessageReceipt> =>
  context.db.transaction(async (tx): Promise<MessageReceipt> => {
    const now = new Date(context.clock.now());
    const agrees = await saveOwnSeal(tx, own, now);
    if (agrees === null) {
      // what comes late is not what the application says now
      if (await isSealKnown(tx, own.contractNumber)) return { id: own.id, accepted: true };
      return {
        id: own.id,
        accepted: false,
        retryable: true,
        errorCode: 'UNKNOWN_CONTRACT',
        message: `no seal of contract ${own.contractNumber} was taken yet`,
      };
    }
    const { contractNumber, entries, units, digest } = own;
    await insertAudit(
      tx,
      context,
      [
        {
          target: 'service',
          message_id: own.id,
          key: keyOfContract(contractNumber),
          kind: 'seal',
          outcome: agrees ? 'SEAL_AGREES' : 'SEAL_DIFFERS',
          code: `entries=${entries} units=${units} digest=${digest}`,
        },
      ],
      now,
    );
    if (!agrees)
      context.notices.note(`seal of contract ${contractNumber}`, {
        what: `what the service application booked on contract ${contractNumber} is not what Salesforce sealed`,
        remedy: `look at /invoices/${contractNumber} of the application: it names the bookings`,
        at: now.getTime(),
      });
    return { id: own.id, accepted: true };
  });
