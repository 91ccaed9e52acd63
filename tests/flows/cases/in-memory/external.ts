import { acceptedReceipt } from '../../../../src/shared/receipts.ts';
import {
  MESSAGE_BATCH_LIMIT,
  type AcknowledgeMessage,
  type FromExternal,
  type MessageReceipt,
  type RecordMessage,
  type RequestMessage,
  type SalesforceDeletionMessage,
  type ToExternal,
  type Values,
} from '../../../../src/shared/case-messages.ts';
import { isBack } from '../../../../src/shared/case-messages.ts';
import { randomUuid, type Random } from 'kernel/random.ts';
import { BatchRefused } from '../../../../src/middle-layer/clients/errors.ts';
import type { ExternalPort } from '../../../../src/flows/cases/carried/external/port.ts';

export interface MemoryRecord {
  key: string;
  externalId: string;
  revision: number;
  requestVersion: number | null;
  originCaseId: string | null;
  salesforceCaseId: string | null;
  syncStatus: 'In Progress' | 'Success' | 'Failed';
  values: Values;
  extra: Values | null;
  deletedInSalesforce: boolean;
}

/** The newest deletion or restoration of a key: when it happened and its tombstone, as one comparable text. */
interface KnownDeletion {
  order: string;
  deleted: boolean;
}

type WithoutId<M> = M extends unknown ? Omit<M, 'id'> : never;

/** A case registry in memory that keeps the Case protocol: for tests and simulations of the middle layer. */
export class InMemoryExternal implements ExternalPort {
  readonly records = new Map<string, MemoryRecord>();
  /** Messages not handed over yet. */
  outbox: FromExternal[] = [];
  /** Every message that was taken in, repeats included. */
  readonly received: ToExternal[] = [];
  /** Makes a request fail by the registry's rules: answer a code, or null. */
  refuse: (request: RequestMessage) => string | null = () => null;
  /** Whether what a message is answered with stands in its receipt, or leaves by the outbox. */
  answersAtOnce: (message: ToExternal) => boolean = () => false;
  #random: Random;
  #numbers = 0;
  /** By key: a deletion may come before the record does. */
  #deletions = new Map<string, KnownDeletion>();

  constructor(random: Random) {
    this.#random = random;
  }

  async send(messages: readonly ToExternal[]): Promise<MessageReceipt[]> {
    if (messages.length > MESSAGE_BATCH_LIMIT)
      throw new BatchRefused('TOO_MANY', `messages: at most ${MESSAGE_BATCH_LIMIT}`);
    return messages.map((message) => {
      this.received.push(message);
      const before = this.outbox.length;
      this.#act(message);
      const answers = this.answersAtOnce(message) ? this.outbox.splice(before) : [];
      return acceptedReceipt(message, answers);
    });
  }

  /** A person changes a record here. */
  change(key: string, values: Values): void {
    const record = this.records.get(key)!;
    Object.assign(record, {
      revision: record.revision + 1,
      syncStatus: 'In Progress',
      values: { ...record.values, ...values },
    });
    this.#emit(this.#message(record, false));
  }

  /** The pollers: what is not settled is triggered again. */
  poll(): number {
    const unsettled = [...this.records.values()].filter(
      (record) => !record.deletedInSalesforce && (record.salesforceCaseId === null || record.syncStatus !== 'Success'),
    );
    for (const record of unsettled) this.#emit(this.#message(record, true));
    return unsettled.length;
  }

  /** Takes up to `limit` messages off the outbox; the caller puts back what was not accepted. */
  takeOutbox(limit = MESSAGE_BATCH_LIMIT): FromExternal[] {
    return this.outbox.splice(0, limit);
  }

  #emit(message: WithoutId<FromExternal>): void {
    this.outbox.push({ id: randomUuid(this.#random), ...message });
  }

  #message(record: MemoryRecord, retriggered: boolean): WithoutId<RecordMessage> {
    const { key, externalId, revision, requestVersion, originCaseId, salesforceCaseId, values } = record;
    return {
      kind: 'record',
      key,
      externalId,
      revision,
      requestVersion,
      originCaseId,
      salesforceCaseId,
      values: { ...values },
      retriggered,
    };
  }

  #act(message: ToExternal): void {
    const record = this.records.get(message.key);
    switch (message.kind) {
      case 'request':
        return this.#request(message, record);
      case 'acknowledge':
        return this.#acknowledge(message, record);
      case 'writeBack': {
        if (!record) return;
        const { acknowledges } = message;
        if (acknowledges)
          this.#acknowledge({ ...message, kind: 'acknowledge', success: true, ...acknowledges }, record);
        record.salesforceCaseId = message.salesforceCaseId;
        const { key, externalId, salesforceCaseId, version } = message;
        return this.#emit({ kind: 'writeBackConfirmed', key, externalId, salesforceCaseId, version });
      }
      case 'deletion':
        this.#deletion(message, record);
    }
  }

  #acknowledge(message: AcknowledgeMessage, record: MemoryRecord | undefined): void {
    const { key, externalId, revision, success } = message;
    const seenRevision = message.seenRevision ?? 0;
    if (record && seenRevision > record.revision)
      return this.#emit({ kind: 'requestWanted', key, externalId, revision: record.revision, seenRevision });
    if (record?.revision === revision) record.syncStatus = success ? 'Success' : 'Failed';
  }

  #deletion({ key, reason, at, tombstoneId }: SalesforceDeletionMessage, record: MemoryRecord | undefined): void {
    const told = { order: `${at} ${tombstoneId}`, deleted: !isBack(reason) };
    const known = this.#deletions.get(key);
    if (!known || told.order > known.order) {
      this.#deletions.set(key, told);
      if (record) record.deletedInSalesforce = told.deleted;
    }
    this.#emit({ kind: 'deletionRecorded', key, tombstoneId });
  }

  #request(request: RequestMessage, record: MemoryRecord | undefined): void {
    const { key, version, attempt } = request;
    const seen = request.seenRevision ?? 0;
    const isLevel = record !== undefined && seen <= record.revision;
    if (isLevel && record.requestVersion !== null && record.requestVersion >= version)
      return this.#emit(this.#message(record, false));
    const errorCode = this.refuse(request);
    if (errorCode)
      return this.#emit({
        kind: 'refused',
        key,
        version,
        attempt,
        errorCode,
        message: 'refused',
        field: null,
        record: null,
      });
    if (record) {
      const changed = Object.entries(request.values).some(([name, value]) => record.values[name] !== value);
      if (changed || !isLevel) record.revision = Math.max(record.revision, seen) + 1;
      record.values = { ...record.values, ...request.values };
      record.requestVersion = Math.max(record.requestVersion ?? 0, version);
      record.syncStatus = 'In Progress';
      return this.#emit(this.#message(record, false));
    }
    this.#numbers += 1;
    const created: MemoryRecord = {
      key,
      externalId: `EXT-${this.#numbers}`,
      revision: seen + 1,
      requestVersion: version,
      originCaseId: request.originCaseId,
      salesforceCaseId: null,
      syncStatus: 'In Progress',
      values: { ...request.values },
      extra: request.extra ?? null,
      deletedInSalesforce: this.#deletions.get(key)?.deleted ?? false,
    };
    this.records.set(key, created);
    this.#emit(this.#message(created, false));
  }
}
