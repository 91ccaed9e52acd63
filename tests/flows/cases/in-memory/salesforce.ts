import type { Values } from '../../../../src/shared/case-messages.ts';
import { randomUuid, type Random } from 'kernel/random.ts';
import { SAMPLE } from '../../../../src/reconciliation/sides/key-range.ts';
import { WHOLE_RANGE, type Range } from '../../../../src/reconciliation/types.ts';
import { BatchRefused, TargetUnavailable } from '../../../../src/middle-layer/clients/errors.ts';
import { applyTo, type MemoryCase } from './salesforce-apply.ts';
import {
  blankLine,
  type CaseSettings,
  type Heartbeat,
  type PendingCase,
  type RecordResult,
  type Sampled,
  type SalesforcePort,
  type Sweep,
  type SweepPage,
  type SyncedField,
  type Tombstone,
} from '../../../../src/flows/cases/carried/salesforce/port.ts';

/** Where this org's hash of a key lies, as Digest_K1__c does: spread evenly. */
export const hashOf = (key: string): number => Math.floor((parseInt(key.slice(0, 8), 16) / 2 ** 32) * WHOLE_RANGE.to);

const isWithin = (key: string, { from, to }: Range): boolean => hashOf(key) >= from && hashOf(key) < to;

export const MEMORY_ORG_ID = '00D000000000001AAA';
const pageOf = <Row extends { id: string }>(
  rows: readonly Row[],
  after: string | null,
  most: number,
): { rows: Row[]; isCut: boolean } => {
  const page = rows
    .filter(({ id }) => after === null || id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, most);
  return { rows: page, isCut: page.length > 0 && page.length === most };
};

const result = (key: string, found: Partial<RecordResult>): RecordResult => ({ ...blankLine(key), ...found });

/** An org in memory that keeps the Case protocol: for tests and simulations of the middle layer. */
export class InMemorySalesforce implements SalesforcePort {
  readonly cases = new Map<string, MemoryCase>();
  readonly deletedKeys = new Set<string>();
  readonly tombstones: (Tombstone & { pending: boolean })[] = [];
  readonly deletedOutside: string[] = [];
  readonly heartbeats: Heartbeat[] = [];
  /** Of one response. Small, so that tests read several pages. */
  mostRows = 50;
  settings: CaseSettings = { orgId: MEMORY_ORG_ID, paused: false, pollOnly: false, sweptAt: null };
  fields: SyncedField[] = [
    { name: 'Subject', owner: 'Salesforce', type: 'string' },
    { name: 'Status', owner: 'External', type: 'picklist' },
    { name: 'Happened_At__c', owner: 'Salesforce', type: 'datetime' },
  ];
  /** Makes the writing of a record fail: answer a code, or null. */
  refuse: (key: string) => { errorCode: string; retryable: boolean } | null = () => null;
  #random: Random;
  #ids = 0;
  #calls = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  #id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${String(this.#ids).padStart(12, '0')}AAA`;
  }

  /** A person creates a Case; the trigger stamps it. */
  createCase(values: Values, accountId: string | null = null): MemoryCase {
    return this.#insert(randomUuid(this.#random), values, accountId);
  }

  #insert(key: string, values: Values, accountId: string | null = null): MemoryCase {
    const created: MemoryCase = {
      id: this.#id('500'),
      accountId,
      key,
      version: 1,
      attempt: 0,
      status: 'In Progress',
      pending: 'Request',
      externalId: null,
      externalRevision: 0,
      baseRevision: null,
      errorCode: null,
      requestedAt: null,
      values: { ...values },
    };
    this.cases.set(key, created);
    return created;
  }

  /** A person changes synced fields: a new version leaves. */
  updateCase(key: string, values: Values): void {
    const found = this.cases.get(key)!;
    Object.assign(found, {
      version: found.version + 1,
      attempt: 0,
      status: 'In Progress',
      pending: 'Request',
      errorCode: null,
    });
    found.values = { ...found.values, ...values };
  }

  /** A person deletes a Case: the tombstone is its only trace. */
  deleteCase(key: string, at: string): void {
    const found = this.cases.get(key)!;
    this.cases.delete(key);
    this.deletedKeys.add(key);
    this.tombstones.push({
      id: this.#id('a00'),
      key,
      caseId: found.id,
      reason: 'Deleted',
      masterKey: null,
      at,
      pending: true,
    });
  }

  /** The reconciliation job: requests again what is pending. */
  reconcile(): number {
    const stuck = [...this.cases.values()].filter(({ pending }) => pending !== null);
    for (const found of stuck) {
      found.attempt += 1;
      if (found.pending === 'Retry') Object.assign(found, { status: 'In Progress', pending: 'Request' });
    }
    return stuck.length;
  }

  takeCallCount(): number {
    const calls = this.#calls;
    this.#calls = 0;
    return calls;
  }

  async sweep(
    known: readonly SyncedField[],
    { most, casesAfter, tombstonesAfter, slice = null }: SweepPage,
    heartbeat: Heartbeat | null = null,
  ): Promise<Sweep> {
    this.#calls += known.length ? 1 : 2;
    const settings = { ...this.settings };
    if (heartbeat) {
      this.heartbeats.push(heartbeat);
      this.settings.sweptAt = heartbeat.sweptAt;
    }
    const cases = pageOf(
      this.#toSweep().filter(({ key }) => slice === null || isWithin(key, slice)),
      casesAfter,
      Math.min(most, this.mostRows),
    );
    const tombstones = pageOf(
      this.tombstones.filter(({ pending }) => pending),
      tombstonesAfter,
      Math.min(most, this.mostRows),
    );
    return {
      orgId: MEMORY_ORG_ID,
      settings,
      fields: structuredClone(this.fields),
      cases: cases.rows.map((found) => this.#seen(found)),
      moreCases: cases.isCut,
      tombstones: tombstones.rows.map(({ pending: _pending, ...tombstone }) => tombstone),
      moreTombstones: tombstones.isCut,
    };
  }

  #toSweep(): MemoryCase[] {
    return [...this.cases.values()].filter(({ pending }) => pending === 'Request' || pending === 'WriteBack');
  }

  async sample(): Promise<Sampled> {
    this.#calls += 1;
    const sampled = (cases: MemoryCase[]): number => cases.filter(({ key }) => isWithin(key, SAMPLE)).length;
    return { cases: sampled([...this.cases.values()]), pending: sampled(this.#toSweep()) };
  }

  async readCases(keys: readonly string[]): Promise<PendingCase[]> {
    this.#calls += 1;
    return keys.flatMap((key) => {
      const found = this.cases.get(key);
      return found ? [this.#seen(found)] : [];
    });
  }

  apply: SalesforcePort['apply'] = async (records) => {
    this.#enter(records.length);
    return records.map((record) => {
      const refusal = this.refuse(record.key);
      if (refusal)
        return result(record.key, {
          outcome: 'REFUSED',
          ...refusal,
          message: 'refused',
          caseId: this.cases.get(record.key)?.id ?? null,
        });
      if (this.deletedKeys.has(record.key)) {
        return result(record.key, {
          outcome: 'REFUSED',
          errorCode: 'ENTITY_IS_DELETED',
          message: 'the Case was deleted',
        });
      }
      const existing = this.cases.get(record.key);
      const found = existing ?? this.#insert(record.key, {});
      return result(record.key, applyTo(found, record, !existing));
    });
  };

  acknowledge: SalesforcePort['acknowledge'] = async (records) => {
    this.#enter(records.length);
    return records.map(({ key, version, errorCode }) => {
      const found = this.cases.get(key);
      if (!found) return result(key, { outcome: 'NOT_FOUND' });
      if (version === found.version && found.pending === 'Request') {
        Object.assign(found, { status: 'Failed', pending: 'Retry', errorCode });
        return result(key, { outcome: 'APPLIED', caseId: found.id, version, status: 'Failed' });
      }
      return result(key, { caseId: found.id, version: found.version, status: found.status });
    });
  };

  writeBack: SalesforcePort['writeBack'] = async (records) => {
    this.#enter(records.length);
    return records.map(({ key, caseId, version }) => {
      const found = this.cases.get(key);
      if (!found) return result(key, { outcome: 'NOT_FOUND' });
      if (version === found.version && found.pending === 'WriteBack' && caseId === found.id) {
        Object.assign(found, { status: 'Success', pending: null });
        return result(key, { outcome: 'APPLIED', caseId, version, status: 'Success' });
      }
      return result(key, { caseId: found.id, version: found.version, status: found.status });
    });
  };

  deletion: SalesforcePort['deletion'] = async (records) => {
    this.#enter(records.length);
    return records.map(({ key }) => {
      if (!this.cases.has(key)) return result(key, { outcome: 'NOT_FOUND' });
      this.deletedOutside.push(key);
      return result(key, { outcome: 'RECORDED' });
    });
  };

  tombstonesDelivered: SalesforcePort['tombstonesDelivered'] = async (ids) => {
    this.#enter(ids.length);
    return ids.map((id) => {
      const tombstone = this.tombstones.find((candidate) => candidate.id === id);
      if (tombstone) tombstone.pending = false;
      return result(tombstone?.key ?? '', { outcome: tombstone ? 'APPLIED' : 'NOT_FOUND' });
    });
  };

  #enter(count: number): void {
    this.#calls += 1;
    if (count > 200) throw new BatchRefused('BAD_REQUEST', 'records: at most 200');
    if (this.settings.paused) throw new TargetUnavailable('PAUSED', 'the sync is paused');
  }

  #seen(found: MemoryCase): PendingCase {
    const { id, accountId, key, version, attempt, pending, externalId, externalRevision, baseRevision } = found;
    const revision = externalRevision === 0 ? null : externalRevision;
    const about = { id, accountId, key, version, attempt, pending, externalId, revision, baseRevision };
    return { ...about, requestedAt: found.requestedAt, digest: null, values: { ...found.values } };
  }
}
