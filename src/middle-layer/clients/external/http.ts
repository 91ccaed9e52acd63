import type { MessageReceipt, MessageReceipts } from '../../../shared/case-messages.ts';
import type { Clock } from '../../../shared/clock.ts';
import type { Transport } from '../../../shared/http.ts';
import { BatchRefused, TargetUnavailable } from '../errors.ts';
import { exchange, isOutage, readJson, retryAfter } from '../http-status.ts';
import type { ExternalPort } from './port.ts';

export interface ExternalAddress {
  url: string;
  /** Bearer token that the external system asks of its callers. */
  token: string;
}

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
        const { results } = readJson(response, address) as MessageReceipts;
        if (
          !Array.isArray(results) ||
          results.some((receipt, index) => receipt?.id !== messages[index]?.id) ||
          results.length !== messages.length
        ) {
          throw new BatchRefused('BAD_ANSWER', `${address} did not give one receipt for each message, in order`);
        }
        return results.map(plainReceipt);
      }
      const wait = retryAfter(response, clock.now());
      if (isOutage(status))
        throw new TargetUnavailable(
          `HTTP_${status}`,
          `${address} answered ${status}`,
          wait === undefined ? {} : { retryAfterMs: wait },
        );
      if (status === 400 || status === 413 || status === 422)
        throw new BatchRefused(`HTTP_${status}`, `${address} refused the batch: ${errorText(response.body)}`);
      const remedy = status === 401 || status === 403 ? 'check the token of the external system' : 'check its URL';
      throw new TargetUnavailable(`HTTP_${status}`, `${address} answered ${status}: ${remedy}`);
    },
  };
};

const plainReceipt = (receipt: MessageReceipt): MessageReceipt =>
  receipt.accepted
    ? { id: receipt.id, accepted: true }
    : {
        id: receipt.id,
        accepted: false,
        retryable: receipt.retryable === true,
        errorCode: String(receipt.errorCode ?? 'UNKNOWN'),
        message: String(receipt.message ?? 'the external system gave no text'),
      };

const errorText = (body: string): string => {
  try {
    const { errorCode, message } = JSON.parse(body) as { errorCode?: string; message?: string };
    return `${errorCode ?? 'no code'}: ${message ?? 'no text'}`;
  } catch {
    return 'no JSON';
  }
};
