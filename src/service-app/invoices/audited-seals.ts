/** Seals as the middle layer's audit has them. */
import { TransportError, type Transport } from 'kernel/http.ts';
import type { BatchReceiver } from '../../shared/batches.ts';
import { isPlain, isText, parsed } from '../../shared/shapes.ts';

export interface AuditedSeal {
  entries: number;
  units: string;
  amount: string;
  digest: string;
  basisDigest: string;
}

/** The middle layer gave no answer. */
export class MiddleLayerAway extends Error {
  override name = 'MiddleLayerAway';
}

export interface AuditedSeals {
  /** Null: it took none of this contract. Rejects with MiddleLayerAway. */
  read(contractNumber: string): Promise<AuditedSeal | null>;
}

const isSeal = (value: unknown): value is AuditedSeal & Record<string, unknown> =>
  isPlain(value) &&
  Number.isInteger(value.entries) &&
  [value.units, value.amount, value.digest, value.basisDigest].every(isText);

export const auditedSeals = (transport: Transport, { url, token }: BatchReceiver): AuditedSeals => ({
  read: async (contractNumber) => {
    try {
      const { status, body } = await transport({
        method: 'GET',
        url: `${url}/v1/usage/seals?contract=${encodeURIComponent(contractNumber)}`,
        headers: { authorization: `Bearer ${token}` },
        body: '',
      });
      const answer = parsed(body);
      if (status === 200 && isSeal(answer)) return answer;
      if (status === 404 && isPlain(answer) && answer.errorCode === 'NOT_FOUND') return null;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
    }
    throw new MiddleLayerAway('The middle layer does not answer. Nothing is lost; try again in a moment.');
  },
});
