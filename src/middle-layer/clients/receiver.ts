import type { Clock } from 'kernel/clock.ts';
import type { Transport } from 'kernel/http.ts';
import type { MessageReceipt } from '../../shared/case-messages.ts';
import { isReceipt } from '../../shared/receipts.ts';
import { retryAfter } from '../../shared/retry-after.ts';
import { envelopeOf, isArrayOf, isPlain, parsed } from '../../shared/shapes.ts';
import type { ExternalAddress } from '../flow.ts';
import { BatchRefused, TargetUnavailable } from './errors.ts';
import { badAnswer, exchange, readJson } from './http-status.ts';

/** An external system that takes messages in. Rejects with the errors of `errors.ts`. */
export interface Receiver<M> {
  /** Hands over up to 200 messages; one receipt each, in order, given after commit. Nobody has checked the answers in them. */
  send(messages: readonly M[]): Promise<MessageReceipt[]>;
}

/** What the external system says of a batch; with another status its envelope speaks of the way or of itself. */
const REFUSALS = new Set([400, 413, 422]);

/** The external system over HTTP: `POST /v1/messages`. */
export const httpReceiver = <M extends { id: string }>(
  { url, token }: ExternalAddress,
  transport: Transport,
  clock: Clock,
): Receiver<M> => {
  const address = `${url.replace(/\/+$/, '')}/v1/messages`;
  return {
    async send(messages) {
      const response = await exchange(transport, {
        method: 'POST',
        url: address,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ messages }),
      });
      const { status } = response;
      if (status === 202) {
        const answer = readJson(response, address);
        const results = isPlain(answer) ? answer.results : undefined;
        if (
          !isArrayOf(results, isReceipt) ||
          results.length !== messages.length ||
          results.some((receipt, index) => receipt.id !== messages[index]!.id)
        ) {
          throw badAnswer(address, 'did not give one receipt for each message, in order');
        }
        return results.map(plainReceipt);
      }
      const refusal = REFUSALS.has(status) ? envelopeOf(parsed(response.body)) : null;
      if (refusal)
        throw new BatchRefused(
          `HTTP_${status}`,
          `${address} refused the batch: ${refusal.errorCode}: ${refusal.message}`,
          refusal.retryable,
        );
      // too large for something in between: a smaller batch may pass, and a single message waits until that is mended
      if (status === 413) throw new BatchRefused('HTTP_413', `${address} answered 413, and not in its own words`, true);
      const wait = retryAfter(response, clock.now());
      throw new TargetUnavailable(
        `HTTP_${status}`,
        `${address} answered ${status}: ${remedyOf(status)}`,
        wait === undefined ? {} : { retryAfterMs: wait },
      );
    },
  };
};

const remedyOf = (status: number): string => {
  if (status === 401 || status === 403) return 'check the token of the external system';
  return status >= 500 ? 'look at the external system' : 'check its URL and what stands between';
};

/** Without what else may stand in it. */
const plainReceipt = (receipt: MessageReceipt): MessageReceipt => {
  if (receipt.accepted) {
    const { id, answers, acknowledges } = receipt;
    return {
      id,
      accepted: true,
      ...(answers ? { answers } : {}),
      ...(acknowledges === true ? { acknowledges } : {}),
    };
  }
  const { id, retryable, errorCode, message } = receipt;
  return { id, accepted: false, retryable, errorCode, message };
};
