/** A feed's runs and refusals as Salesforce keeps them (force-app/feeds), for people who look there, decide there, and are told. */
import { SalesforceError } from '../shared/salesforce/errors.ts';
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import { isOneOf, quoted } from '../shared/salesforce/soql.ts';
import { isText } from '../shared/shapes.ts';
import type { Database } from '../shared/sql/types.ts';
import { cutOff, shortened } from '../shared/text.ts';
import { RECORDS_A_CALL, savedIn } from './collections.ts';
import { failedRows, noteRefusals, settledRefusals } from './db/rows.ts';
import { noteTold, untoldRuns, type FeedName, type RunRow, type RunStatus } from './db/runs.ts';
import { proofWords } from './proof.ts';
import { NO_COUNTS, type Audited, type Counts, type Proof } from './types.ts';

/** Of one run: whoever has more looks at the file of failed rows. */
const MAX_REFUSALS = 2_000;
const MAX_REASONS = 32_000;
const MAX_WORDS = 2_000;
const MAX_CODE = 80;

const STATUS: Record<Exclude<RunStatus, 'dry run' | 'rejected'>, string> = {
  running: 'Running',
  held: 'Held',
  succeeded: 'Succeeded',
  'rows failed': 'Rows Failed',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

/** How a run ended, or stands. */
export interface Entry {
  status: keyof typeof STATUS;
  endedAt: Date | null;
  fence: Date | null;
  /** Since when each record was compared at least once, and what the run read of that. */
  audit: { vouchedSince: Date | string | null; audited: Audited | null; proof: Proof | null } | null;
  counts: Counts;
  reasons: readonly string[];
  apiCalls: number;
}

/** What a person said of a held run. */
export interface Decision {
  word: 'release' | 'reject';
  by: string;
}

const countsOf = (counts: Counts): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [`${name[0]!.toUpperCase()}${name.slice(1)}__c`, count]),
  );

/** Of a refusal that was sent: it may be there, and nobody knows its id. */
const UNKNOWN = '';

/** How a refusal is found in Salesforce. */
const keyOf = ({ feed }: RunRow, rowKey: string): string => cutOff(`${feed}/${rowKey}`, 255);

const headOf = (run: RunRow, object: string): Record<string, unknown> => ({
  Company__c: run.company,
  Feed__c: run.feed,
  Object__c: object,
  Started_At__c: run.started_at.toISOString(),
});

const endOf = ({ status, endedAt, fence, audit, counts, reasons, apiCalls }: Entry): Record<string, unknown> => ({
  Status__c: STATUS[status],
  Ended_At__c: endedAt?.toISOString() ?? null,
  Fence__c: fence?.toISOString() ?? null,
  Vouched_Since__c: audit?.vouchedSince ?? null,
  Checked__c: audit?.audited?.records ?? null,
  Check_Calls__c: audit?.audited?.calls ?? null,
  Check_Budget__c: audit?.audited?.maxCalls ?? null,
  Proof__c: audit?.proof ? cutOff(proofWords(audit.proof), 255) : null,
  Reasons__c: shortened(reasons.join('\n'), MAX_REASONS) || null,
  Api_Calls__c: apiCalls,
  ...countsOf(counts),
});

/** Where an org has no book, nothing is written: `isKept` says so after the first entry. */
export class RunBook {
  isKept = true;
  /** What Salesforce had against the first run that could not be caught up on; null: nothing. */
  refused: SalesforceError | null = null;
  readonly #client: SalesforceClient;

  constructor(client: SalesforceClient) {
    this.#client = client;
  }

  #save(run: RunRow, values: Record<string, unknown>): Promise<void> {
    return this.#kept(() => this.#client.change('PATCH', `/sobjects/Feed_Run__c/Run_Key__c/${run.key}`, values));
  }

  async #kept(save: () => Promise<unknown>): Promise<void> {
    if (!this.isKept) return;
    try {
      await save();
    } catch (error) {
      if (!(error instanceof SalesforceError && error.status === 404)) throw error;
      this.isKept = false;
    }
  }

  /** A run begins. One call. */
  async begin(db: Database, run: RunRow, object: string): Promise<void> {
    await noteTold(db, run, false);
    const values = { Run_Key__c: run.key, ...headOf(run, object), Status__c: STATUS.running };
    // made, never changed: a copy of this call that comes late is refused, and no run that has ended begins again
    await this.#kept(() => this.#client.change('POST', '/sobjects/Feed_Run__c', values)).catch((error: unknown) => {
      if (!(error instanceof SalesforceError && error.errorCode === 'DUPLICATE_VALUE')) throw error;
    });
  }

  /** How it ended, or that it is held. One call. */
  end(run: RunRow, entry: Entry): Promise<void> {
    // this call counts too
    return this.#save(run, endOf({ ...entry, apiCalls: entry.apiCalls + 1 }));
  }

  /**
   * Runs whose end could not be told: their process ended, or the way to Salesforce was shut. A call for each of them; what
   * Salesforce refuses of one is noted, and keeps no other from being told. Rejects when the way is shut.
   */
  async catchUp(db: Database, { company, feed }: FeedName, object: string): Promise<void> {
    this.refused = null;
    for (const run of await untoldRuns(db, { company, feed })) {
      const { status, ended_at: endedAt, fence, reasons, audit, api_calls: apiCalls } = run;
      const entry: Entry = {
        status: status as Entry['status'],
        endedAt,
        fence,
        audit,
        counts: { ...NO_COUNTS, ...run.counts },
        reasons,
        apiCalls,
      };
      try {
        await this.#save(run, { ...headOf(run, object), ...endOf(entry) });
        await noteTold(db, run, true);
      } catch (error) {
        // what Salesforce has against one of them says nothing of the others
        if (!(error instanceof SalesforceError && error.status === 400)) throw error;
        this.refused ??= error;
      }
    }
  }

  /** What somebody decided in Salesforce on a held run; null: nothing yet. */
  async decisionOn(run: RunRow): Promise<Decision | null> {
    if (!this.isKept) return null;
    const soql = `SELECT Decision__c, Decided_By__c FROM Feed_Run__c WHERE Run_Key__c = ${quoted(run.key)}`;
    const rows = await this.#client.query(soql).catch((error: unknown) => {
      if (error instanceof SalesforceError && error.errorCode === 'INVALID_TYPE') return [];
      throw error;
    });
    const { Decision__c: word, Decided_By__c: by } = rows[0] ?? {};
    if (word !== 'Release' && word !== 'Reject') return null;
    return { word: word === 'Release' ? 'release' : 'reject', by: isText(by) ? by : 'somebody in Salesforce' };
  }

  /** Notes a decision that was made elsewhere, unless somebody has decided there. */
  async decide(run: RunRow, { word, by }: Decision): Promise<void> {
    const decision = word === 'release' ? 'Release' : 'Reject';
    await this.#save(run, {
      Decision__c: decision,
      Decision_Reason__c: cutOff(`decided by ${by} at the command line`, 255),
    });
  }

  /**
   * Rows that were refused, each as a record of its own, and away with those of rows that passed or vanished. A call for
   * each 200; none when there is nothing to say.
   */
  async refusals(db: Database, run: RunRow): Promise<void> {
    if (!this.isKept) return;
    let told = 0;
    for (let after = ''; told < MAX_REFUSALS;) {
      const rows = await failedRows(db, run, after, RECORDS_A_CALL);
      if (rows.length === 0) break;
      after = rows.at(-1)!.row_key;
      told += rows.length;
      const now = run.started_at.toISOString();
      await noteRefusals(
        db,
        run,
        rows.filter(({ refusal_id: id }) => id === null).map(({ row_key: key }) => ({ key, id: UNKNOWN })),
      );
      const answer = await this.#client.change<unknown>('PATCH', '/composite/sobjects/Feed_Refusal__c/Refusal_Key__c', {
        allOrNone: false,
        records: rows.map(({ row_key: key, external_id: id, problem, refused_since: since, attempts }) => ({
          attributes: { type: 'Feed_Refusal__c' },
          Refusal_Key__c: keyOf(run, key),
          Company__c: run.company,
          Feed__c: run.feed,
          External_Id__c: cutOff(id, 255),
          Field__c: problem.field === null ? null : cutOff(problem.field, MAX_CODE),
          Reason__c: cutOff(problem.code, MAX_CODE),
          Message__c: shortened(problem.message, MAX_WORDS),
          Remedy__c: shortened(problem.remedy, MAX_WORDS),
          First_Seen__c: since?.toISOString() ?? now,
          Last_Seen__c: now,
          Attempts__c: attempts,
          Run__r: { Run_Key__c: run.key },
        })),
      });
      const results = savedIn(answer, rows.length);
      await noteRefusals(
        db,
        run,
        rows.flatMap(({ row_key: key }, at) => (results[at]!.success ? [{ key, id: results[at]!.id }] : [])),
      );
    }
    await this.#forget(db, run);
  }

  /** Refusals of rows that are none any more. One that somebody deleted is gone, as it should be. */
  async #forget(db: Database, run: RunRow): Promise<void> {
    for (;;) {
      const rows = await settledRefusals(db, run, RECORDS_A_CALL);
      if (rows.length === 0) return;
      const known = rows.flatMap(({ refusal_id: id }) => (id === UNKNOWN ? [] : [id]));
      const unknown = rows.filter(({ refusal_id: id }) => id === UNKNOWN).map(({ row_key: key }) => keyOf(run, key));
      const ids = [...known, ...(await this.#idsOf(unknown))];
      if (ids.length > 0)
        await this.#client.change('DELETE', `/composite/sobjects?ids=${ids.join(',')}&allOrNone=false`);
      await noteRefusals(
        db,
        run,
        rows.map(({ row_key: key }) => ({ key, id: null })),
      );
    }
  }

  /** Of refusals whose ids were in an answer that did not come. */
  async #idsOf(keys: string[]): Promise<string[]> {
    if (keys.length === 0) return [];
    const records = await this.#client.query(`SELECT Id FROM Feed_Refusal__c WHERE ${isOneOf('Refusal_Key__c', keys)}`);
    return records.map(({ Id }) => String(Id));
  }
}
