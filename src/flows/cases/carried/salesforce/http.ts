import type { Clock } from 'kernel/clock.ts';
import type { Log } from '../../../../middle-layer/types.ts';
import { TargetUnavailable } from '../../../../middle-layer/clients/errors.ts';
import { isFailure, rowsOf, type QueryPage, type Row } from '../../../../middle-layer/clients/salesforce/rows.ts';
import {
  readable,
  type AcknowledgeRecord,
  type ApplyRecord,
  type DeletionRecord,
  type Heartbeat,
  type PendingCase,
  type RecordResult,
  type Sampled,
  type SalesforcePort,
  type Sweep,
  type SweepPage,
  type SyncedField,
  type WriteBackRecord,
} from './port.ts';
import type { Update } from '../../../../shared/salesforce/client.ts';
import type { SalesforceError } from '../../../../shared/salesforce/errors.ts';
import { tellsRowLock } from '../../../../shared/salesforce/row-lock.ts';
import { linesOf, type Posted } from './lines.ts';
import type { IntegrationClient } from '../../../../middle-layer/clients/salesforce/integration-client.ts';
import { caseOf, tombstoneOf } from './rows.ts';
import * as soql from './soql.ts';
import { describeFields, fromKnown } from './synced-fields.ts';

const UNREADABLE_AGAIN_MS = 10 * 60_000;
const PERMISSION_SET = 'Concord_Cases_Integration';
const REST_PATH = '/services/apexrest/concord/v1';

/** Salesforce over HTTP: the REST API for the sweep, our Apex REST for what is written. */
export const httpSalesforce = (rest: IntegrationClient, clock: Clock, log: Log): SalesforcePort =>
  new HttpSalesforce(rest, clock, log);

/** One reading of a page. `complete`: with the fields that the settings name now. */
interface Reading {
  sweep: Sweep;
  complete: boolean;
  problem: string | null;
}

class HttpSalesforce implements SalesforcePort {
  #rest: IntegrationClient;
  #clock: Clock;
  #log: Log;
  #describedAt = -Infinity;
  /** Known after the first sweep; an org that was never activated has none. */
  #controlId: string | null = null;

  constructor(rest: IntegrationClient, clock: Clock, log: Log) {
    this.#rest = rest;
    this.#clock = clock;
    this.#log = log;
  }

  async sweep(known: readonly SyncedField[], page: SweepPage, heartbeat: Heartbeat | null = null): Promise<Sweep> {
    const first = await this.#read(known, page, heartbeat);
    if (first.complete || first.sweep.fields.length === 0) return first.sweep;
    // the fields have changed since the last sweep: read the Cases again with the new ones
    const second = await this.#read(first.sweep.fields, page, null);
    if (second.complete) return second.sweep;
    throw new TargetUnavailable(
      second.problem ? 'FIELD_NOT_READABLE' : 'FIELDS_CHANGING',
      second.problem
        ? `pending Cases cannot be read; give the integration user the permission sets Concord_Integration and Concord_Cases_Integration: ${second.problem}`
        : 'the synced fields changed while they were read: the next sweep reads them again',
    );
  }

  async sample(): Promise<Sampled> {
    const rows = (await this.#rest.query(soql.SAMPLED_CASES)) as Row[];
    const sampled: Sampled = { cases: 0, pending: 0 };
    for (const { pending, n } of rows) {
      sampled.cases += Number(n);
      if (pending === 'Request' || pending === 'WriteBack') sampled.pending += Number(n);
    }
    return sampled;
  }

  async readCases(keys: readonly string[], fields: readonly SyncedField[]): Promise<PendingCase[]> {
    // every page of them: a Case that is left out would pass for one that is gone
    const rows = (await this.#rest.query(soql.casesByKeys(keys, fields), keys.length)) as Row[];
    return rows.map((row) => caseOf(row, fields));
  }

  apply(records: readonly ApplyRecord[]): Promise<RecordResult[]> {
    return this.#post('cases/apply', { records });
  }

  acknowledge(records: readonly AcknowledgeRecord[]): Promise<RecordResult[]> {
    return this.#post('cases/acknowledge', { records });
  }

  writeBack(records: readonly WriteBackRecord[]): Promise<RecordResult[]> {
    return this.#post('cases/write-back', { records });
  }

  deletion(records: readonly DeletionRecord[]): Promise<RecordResult[]> {
    return this.#post('cases/deletion', { records });
  }

  tombstonesDelivered(ids: readonly string[]): Promise<RecordResult[]> {
    return this.#post('tombstones/delivered', { ids });
  }

  takeCallCount(): number {
    return this.#rest.takeCallCount();
  }

  async #post(path: string, body: Posted): Promise<RecordResult[]> {
    return linesOf(path, body, await this.#rest.call('POST', `${REST_PATH}/${path}`, body));
  }

  async #read(known: readonly SyncedField[], page: SweepPage, heartbeat: Heartbeat | null): Promise<Reading> {
    const { most, casesAfter, tombstonesAfter, slice } = page;
    const queries = {
      settings: soql.SETTINGS,
      control: soql.CONTROL,
      fields: soql.SYNCED_FIELDS,
      ...(most > 0 ? { tombstones: soql.pendingTombstones(tombstonesAfter, most) } : {}),
      ...(most > 0 && known.length ? { cases: soql.pendingCases(known, casesAfter, most, slice) } : {}),
    };
    const told = heartbeat && this.#updateOf(heartbeat);
    const { pages, notUpdated } = await this.#rest.pages<Row>(queries, told);
    if (notUpdated) this.#heartbeatFailed(notUpdated.errorCode);
    const { cases } = pages;
    const fields = await this.#fieldsOf(rowsOf('fields', pages.fields!, PERMISSION_SET), known, cases);
    const isRead = most === 0 || cases !== undefined;
    const complete = fields.isKnown && fields.all.length === known.length && isRead;
    const caseRows = complete && cases ? rowsOf('cases', cases, PERMISSION_SET) : [];
    const pauses = rowsOf('settings', pages.settings!, PERMISSION_SET);
    const controls = rowsOf('control', pages.control!, PERMISSION_SET);
    const control = controls.find((row) => row.Key__c === soql.CONTROL_KEYS.forAll);
    this.#controlId = typeof control?.Id === 'string' ? control.Id : null;
    const sweep: Sweep = {
      orgId: await this.#rest.orgId(),
      settings: settingsOf(pauses, controls, control),
      fields: fields.all,
      cases: caseRows.map((row) => caseOf(row, known)),
      tombstones: (pages.tombstones ? rowsOf('tombstones', pages.tombstones, PERMISSION_SET) : []).map(tombstoneOf),
      moreCases: isCut(cases, most),
      moreTombstones: isCut(pages.tombstones, most),
    };
    return { sweep, complete, problem: cases && isFailure(cases) ? (cases.said ?? 'no text').trim() : null };
  }

  /** The synced fields as the settings name them, described again when one of them is not known. */
  async #fieldsOf(
    rows: readonly Row[],
    known: readonly SyncedField[],
    cases: QueryPage | SalesforceError | undefined,
  ): Promise<{ all: SyncedField[]; isKnown: boolean }> {
    const outdated = cases && isFailure(cases) && cases.errorCode === 'INVALID_FIELD';
    const fields = outdated || this.#looksAgain(known) ? null : fromKnown(rows, known);
    if (fields) return { all: fields, isKnown: true };
    this.#describedAt = this.#clock.now();
    return { all: await describeFields(this.#rest, rows, this.#log), isKnown: false };
  }

  /** A field that could not be read may have been created since. */
  #looksAgain(known: readonly SyncedField[]): boolean {
    return readable(known).length < known.length && this.#clock.now() - this.#describedAt > UNREADABLE_AGAIN_MS;
  }

  #updateOf({ sweptAt, clearSince, awakeUntil }: Heartbeat): Update | null {
    if (this.#controlId === null) return null;
    return {
      referenceId: 'heartbeat',
      record: `Sync_Control__c/${this.#controlId}`,
      values: {
        Swept_At__c: sweptAt,
        Clear_Since__c: clearSince,
        ...(awakeUntil === undefined ? {} : { Awake_Until__c: awakeUntil }),
      },
    };
  }

  #heartbeatFailed(code: string): void {
    // the job holds the record for a moment: the next sweep tells it again
    if (tellsRowLock(code)) return;
    this.#log('warn', 'heartbeat refused', {
      code,
      remedy:
        'let the integration user edit Swept_At__c, Clear_Since__c and Awake_Until__c of Sync_Control__c (permission set Concord_Integration)',
    });
  }
}

/** Salesforce may give less than it was asked for (large rows): then the query is not done. */
const isCut = (page: QueryPage | SalesforceError | undefined, most: number): boolean =>
  page !== undefined && !isFailure(page) && page.records.length > 0 && (page.records.length >= most || !page.done);

/** Of a hierarchy custom setting only the organisation's own row counts; persons and profiles set nothing. */
const ORG_PREFIX = '00D';

/** Without a control record nothing was ever activated here: that is a pause, not an error. */
const settingsOf = (rows: readonly Row[], controls: readonly Row[], control: Row | undefined): Sweep['settings'] => {
  const isFlowPaused = controls.some((row) => row.Key__c === soql.CONTROL_KEYS.own && row.Paused__c === true);
  const own = rows.find((row) => String(row.SetupOwnerId).startsWith(ORG_PREFIX));
  return {
    orgId: control ? (control.Org_Id__c as string | null) : null,
    paused: control?.Active__c !== true || own?.Paused__c === true || isFlowPaused,
    pollOnly: own?.Poll_Only__c === true,
    sweptAt: typeof control?.Swept_At__c === 'string' ? control.Swept_At__c : null,
  };
};
