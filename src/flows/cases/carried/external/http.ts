import type { MessageReceipt } from '../../../../shared/case-messages.ts';
import type { Clock } from 'kernel/clock.ts';
import type { Transport } from 'kernel/http.ts';
import { envelopeOf, isArrayOf, isPlain, parsed } from '../../../../shared/shapes.ts';
import { isReceipt } from '../../../../shared/receipts.ts';
import { BatchRefused, TargetUnavailable } from '../../../../middle-layer/clients/errors.ts';
import { badAnswer, exchange, readJson } from '../../../../middle-layer/clients/http-status.ts';
import { retryAfter } from '../../../../shared/retry-after.ts';
import type { ExternalAddress } from '../../../../middle-layer/flow.ts';
import type { ExternalPort } from './port.ts';

/** What the external system says of a batch; with another status its envelope speaks of the way or of itself. */
const REFUSALS = new Set([400, 413, 422]);

/** The external system over HTTP. */
export const httpExternal = ({ url, token }: ExternalAddress, transport: Transport, clock: Clock): ExternalPort => {
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
