/** What the service application asks of seals, and what it says of them. */
import { json } from 'kernel/http.ts';
import { budgetProblem } from '../../../middle-layer/budget.ts';
import { BatchRefused, TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { malformed, messagesIn } from '../../../shared/batches.ts';
import type { MessageReceipt } from '../../../shared/case-messages.ts';
import { checkOwnSeal } from '../../../shared/check-usage-message.ts';
import { describeProblem, fields, listOf, salesforceId } from '../../../shared/checks.ts';
import { jsonBody, RequestError, type Route } from '../../../shared/router.ts';
import { MAX_SEALS_ASKED, pageOfSeals } from '../../../shared/usage-seal.ts';
import { AD_BATCH_LIMIT, type OwnSealMessage } from '../../../shared/usage-messages.ts';
import { findSeal, isSealKnown, listSeals, saveOwnSeal } from './db/seals.ts';
import { keyOfContract } from './drafts.ts';
import type { UsageSalesforce } from './salesforce.ts';

/** Seals on one page. */
const PAGE = 500;

/** `GET /v1/usage/seals?contract=`: what was taken of a contract when it was fulfilled, and what the application said of it. With `after=`: a page of all, and `next`. */
export const getSeal =
  (context: FlowContext): Route =>
  async ({ query }) => {
    const after = query.get('after');
    if (after !== null) return json(200, pageOfSeals(await listSeals(context.db, after, PAGE), PAGE));
    const contractNumber = query.get('contract');
    if (!contractNumber)
      throw new RequestError(400, 'BAD_REQUEST', 'contract is missing: give the number of a contract');
    const seal = await findSeal(context.db, contractNumber);
    if (!seal) throw new RequestError(404, 'NOT_FOUND', `no seal of contract ${contractNumber} was taken yet`);
    return json(200, seal);
  };

const checkAsked = fields({ seals: listOf(salesforceId) });

/**
 * `POST /v1/usage/seals/again` `{"seals"}`: Salesforce is asked to state these once more, by the ids of the Contract_Seal__c, at
 * most 100. What of each was refused, or null. They come as all that is pending does, at the poll interval.
 */
export const askForSealsAgain =
  (context: FlowContext, salesforce: Pick<UsageSalesforce, 'askForSeals' | 'takeCallCount'>): Route =>
  async (request) => {
    const asked = jsonBody(request) as { seals: string[] };
    const problem = checkAsked(asked);
    if (problem) throw new RequestError(400, 'BAD_REQUEST', describeProblem(problem));
    if (asked.seals.length === 0 || asked.seals.length > MAX_SEALS_ASKED)
      throw new RequestError(400, 'BAD_REQUEST', `seals must be a list of 1 to ${MAX_SEALS_ASKED} ids`);
    const spent = await context.budget.read();
    if (spent?.isSpent) throw new RequestError(503, 'BUDGET_SPENT', budgetProblem(spent));
    try {
      const problems = await salesforce.askForSeals(asked.seals);
      return json(202, { results: asked.seals.map((sealId, at) => ({ sealId, problem: problems[at] })) });
    } catch (error) {
      if (!(error instanceof TargetUnavailable || error instanceof BatchRefused)) throw error;
      throw new RequestError(503, error.code, `Salesforce was not asked: ${error.message}`);
    } finally {
      await context.budget.count(context.db, salesforce.takeCallCount());
    }
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
