/** Seals as the middle layer's audit has them. */
import { json, TransportError, type HttpResponse, type Transport } from 'kernel/http.ts';
import type { BatchReceiver } from '../../shared/batches.ts';
import { isArrayOf, isOptional, isPlain, isText, parsed } from '../../shared/shapes.ts';

export interface AuditedSeal {
  entries: number;
  units: string;
  amount: string;
  digest: string;
  basisDigest: string;
}

/** What became of asking for a seal once more. */
export interface AskedSeal {
  /** Of the Contract_Seal__c. */
  sealId: string;
  /** Why it was not asked for, or null. */
  problem: string | null;
}

/** The middle layer gave no answer. */
export class MiddleLayerAway extends Error {
  override name = 'MiddleLayerAway';
}

/** All reject with MiddleLayerAway. */
export interface AuditedSeals {
  /** Null: it took none of this contract. */
  read(contractNumber: string): Promise<AuditedSeal | null>;
  /** A page of all, after this contract number. */
  list(after: string): Promise<object>;
  /** Lets Salesforce state seals once more. */
  askAgain(sealIds: readonly string[]): Promise<AskedSeal[]>;
}

const isSeal = (value: unknown): value is AuditedSeal & Record<string, unknown> =>
  isPlain(value) &&
  Number.isInteger(value.entries) &&
  [value.units, value.amount, value.digest, value.basisDigest].every(isText);

const isPage = (value: unknown): value is Record<string, unknown> =>
  isPlain(value) && Array.isArray(value.seals) && isOptional(value.next, 'string');

const isAsked = (value: unknown): value is AskedSeal =>
  isPlain(value) && isText(value.sealId) && isOptional(value.problem, 'string');

const away = (says = ''): MiddleLayerAway =>
  new MiddleLayerAway(
    says === ''
      ? 'The middle layer does not answer. Nothing is lost; try again in a moment.'
      : `The middle layer says: ${says}`,
  );

export const auditedSeals = (transport: Transport, { url, token }: BatchReceiver): AuditedSeals => {
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<HttpResponse> => {
    try {
      return await transport({
        method,
        url: `${url}/v1/usage/seals${path}`,
        headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        body: body ? json(0, body).body : '',
      });
    } catch (error) {
      if (error instanceof TransportError) throw away();
      throw error;
    }
  };
  return {
    read: async (contractNumber) => {
      const { status, body } = await ask('GET', `?contract=${encodeURIComponent(contractNumber)}`);
      const answer = parsed(body);
      if (status === 200 && isSeal(answer)) return answer;
      if (status === 404 && isPlain(answer) && answer.errorCode === 'NOT_FOUND') return null;
      throw away();
    },
    list: async (after) => {
      const { status, body } = await ask('GET', `?after=${encodeURIComponent(after)}`);
      const page = parsed(body);
      if (status === 200 && isPage(page)) return page;
      throw away();
    },
    askAgain: async (seals) => {
      const { status, body } = await ask('POST', '/again', { seals });
      const answer = parsed(body);
      if (status === 202 && isPlain(answer) && isArrayOf(answer.results, isAsked)) return answer.results;
      throw away(isPlain(answer) && isText(answer.message) ? answer.message : '');
    },
  };
};
