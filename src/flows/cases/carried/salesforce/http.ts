import type { Clock } from 'kernel/clock.ts';
import type { Log } from '../../../../middle-layer/types.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../../shared/shapes.ts';
import { TargetUnavailable } from '../../../../middle-layer/clients/errors.ts';
import { badAnswer } from '../../../../middle-layer/clients/http-status.ts';
import {
  isFailure,
  pageOf,
  queryAll,
  rowsOf,
  type QueryFailure,
  type QueryPage,
  type Update,
  type Row,
} from '../../../../middle-layer/clients/salesforce/composite.ts';
import {
  readable,
  type Heartbeat,
  type RecordResult,
  type SalesforcePort,
  type Sweep,
  type SweepPage,
  type SyncedField,
} from './port.ts';
import { DATA, type SalesforceRest } from '../../../../middle-layer/clients/salesforce/rest.ts';
import { caseOf, tombstoneOf } from './rows.ts';
import * as soql from './soql.ts';
import { describeFields, fromKnown } from './synced-fields.ts';

const UNREADABLE_AGAIN_MS = 10 * 60_000;
const REST_PATH = '/services/apexrest/concord/v1';

/** Salesforce over HTTP: the REST API for the sweep, our Apex REST for what is written. */
export const httpSalesforce = (rest: SalesforceRest, clock: Clock, log: Log): SalesforcePort => {
  const post = async (
    path: string,
    body: { records: readonly { key: string }[] } | { ids: readonly string[] },
  ): Promise<RecordResult[]> => {
    const answer = await rest.call('POST', `${REST_PATH}/${path}`, body);
    const keys = 'records' in body ? body.records.map(({ key }) => key) : null;
    const count = 'records' in body ? body.records.length : body.ids.length;
    const results = isPlain(answer) ? answer.results : undefined;
    if (
      !isArrayOf(results, isLine) ||
      results.length !== count ||
      (keys && results.some(({ key }, index) => key !== keys[index]))
    ) {
      throw badAnswer(path, 'did not answer one line for each record, in order');
    }
    return results.map(plainResult);
  };

  const queryPage = async (path: string): Promise<QueryPage> => pageOf(await rest.call('GET', path), 'the query');
  const query = (text: string): Promise<QueryPage> => queryPage(`${DATA}/query?q=${encodeURIComponent(text)}`);

  let describedAt = -Infinity;
  const describe = (rows: readonly Row[]): Promise<SyncedField[]> => {
    describedAt = clock.now();
    return describeFields(rest, rows, log);
  };
  /** A field that could not be read may have been created since. */
  const looksAgain = (known: readonly SyncedField[]): boolean =>
    readable(known).length < known.length && clock.now() - describedAt > UNREADABLE_AGAIN_MS;

  /** Known after the first sweep; an org that was never activated has none. */
  let controlId: string | null = null;
  const heartbeatOf = ({ sweptAt, clearSince }: Heartbeat): Update | null =>
    controlId === null
      ? null
      : {
          referenceId: 'heartbeat',
          record: `Sync_Control__c/${controlId}`,
          values: { Swept_At__c: sweptAt, Clear_Since__c: clearSince },
        };
  const heartbeatFailed = (code: string): void =>
    log('warn', 'heartbeat refused', {
      code,
      remedy:
        'let the integration user edit Swept_At__c and Clear_Since__c of Sync_Control__c (permission set Concord_Integration)',
    });

  const sweepWith = async (
    known: readonly SyncedField[],
    { most, casesAfter, tombstonesAfter }: SweepPage,
    heartbeat: Heartbeat | null,
  ): Promise<{ sweep: Sweep; complete: boolean; problem: string | null }> => {
    const queries = {
      settings: soql.SETTINGS,
      control: soql.CONTROL,
      fields: soql.SYNCED_FIELDS,
      ...(most > 0 ? { tombstones: soql.pendingTombstones(tombstonesAfter, most) } : {}),
      ...(most > 0 && known.length ? { cases: soql.pendingCases(known, casesAfter, most) } : {}),
    };
    const pages = await queryAll(rest, queries, heartbeat && heartbeatOf(heartbeat), heartbeatFailed);
    const fieldRows = rowsOf('fields', pages.fields!);
    const { cases } = pages;
    const outdated = cases && isFailure(cases) && cases.errorCode === 'INVALID_FIELD';
    const fields = outdated || looksAgain(known) ? null : fromKnown(fieldRows, known);
    const isRead = most === 0 || cases !== undefined;
    const complete = fields !== null && fields.length === known.length && isRead;
    const caseRows = complete && cases ? rowsOf('cases', cases) : [];
    const tombstoneRows = pages.tombstones ? rowsOf('tombstones', pages.tombstones) : [];
    const [settings] = rowsOf('settings', pages.settings!);
    const [control] = rowsOf('control', pages.control!);
    controlId = typeof control?.Id === 'string' ? control.Id : null;
    const sweep: Sweep = {
      orgId: await rest.orgId(),
      settings: settingsOf(settings, control),
      fields: fields ?? (await describe(fieldRows)),
      cases: caseRows.map((row) => caseOf(row, known)),
      tombstones: tombstoneRows.map(tombstoneOf),
      moreCases: isCut(pages.cases, most),
      moreTombstones: isCut(pages.tombstones, most),
    };
    return { sweep, complete, problem: cases && isFailure(cases) ? cases.message.trim() : null };
  };

  return {
    async sweep(known, page, heartbeat = null) {
      const first = await sweepWith(known, page, heartbeat);
      if (first.complete || first.sweep.fields.length === 0) return first.sweep;
      // the fields have changed since the last sweep: read the Cases again with the new ones
      const second = await sweepWith(first.sweep.fields, page, null);
      if (second.complete) return second.sweep;
      throw new TargetUnavailable(
        second.problem ? 'FIELD_NOT_READABLE' : 'FIELDS_CHANGING',
        second.problem
          ? `pending Cases cannot be read; give the integration user the permission set Concord_Integration: ${second.problem}`
          : 'the synced fields changed while they were read: the next sweep reads them again',
      );
    },
    async readCases(keys, fields) {
      let page = await query(soql.casesByKeys(keys, fields));
      const rows = [...page.records];
      // large rows come in several pages: a Case that is left out would pass for one that is gone
      while (page.nextRecordsUrl && page.records.length > 0 && rows.length < keys.length) {
        page = await queryPage(page.nextRecordsUrl);
        rows.push(...page.records);
      }
      return rows.map((row) => caseOf(row, fields));
    },
    apply: (records) => post('cases/apply', { records }),
    acknowledge: (records) => post('cases/acknowledge', { records }),
    writeBack: (records) => post('cases/write-back', { records }),
    deletion: (records) => post('cases/deletion', { records }),
    tombstonesDelivered: (ids) => post('tombstones/delivered', { ids }),
    takeCallCount: () => rest.takeCallCount(),
  };
};

/** Salesforce may give less than it was asked for (large rows): then the query is not done. */
const isCut = (page: QueryPage | QueryFailure | undefined, most: number): boolean =>
  page !== undefined && !isFailure(page) && page.records.length > 0 && (page.records.length >= most || !page.done);

/** Without settings or a control record nothing was ever activated here: that is a pause, not an error. */
const settingsOf = (setting: Row | undefined, control: Row | undefined): Sweep['settings'] => ({
  orgId: control ? (control.Org_Id__c as string | null) : null,
  paused: !setting || setting.Paused__c === true || control?.Active__c !== true,
});

/** All of them: the compiler asks for one that is added. */
const OUTCOMES: Record<RecordResult['outcome'], true> = {
  APPLIED: true,
  RECORDED: true,
  CREATED: true,
  IGNORED: true,
  REQUESTED: true,
  REFUSED: true,
  NOT_FOUND: true,
};

const isLine = (line: unknown): line is Partial<RecordResult> & { outcome: RecordResult['outcome'] } =>
  isPlain(line) &&
  isText(line.key) &&
  isText(line.outcome) &&
  Object.hasOwn(OUTCOMES, line.outcome) &&
  isOptional(line.caseId, 'string') &&
  isOptional(line.version, 'number') &&
  isOptional(line.status, 'string') &&
  isOptional(line.writeBack, 'boolean') &&
  isOptional(line.retryable, 'boolean') &&
  isOptional(line.errorCode, 'string') &&
  isOptional(line.message, 'string') &&
  (line.fields == null || isArrayOf(line.fields, isText));

const plainResult = (line: Partial<RecordResult>): RecordResult => ({
  key: line.key ?? '',
  outcome: line.outcome ?? 'REFUSED',
  caseId: line.caseId ?? null,
  version: line.version ?? null,
  status: line.status ?? null,
  revision: line.revision ?? null,
  writeBack: line.writeBack === true,
  retryable: line.retryable === true,
  errorCode: line.errorCode ?? null,
  message: line.message ?? null,
  fields: line.fields ?? [],
});
