/** A feed's runs and refusals as Salesforce keeps them (force-app/feeds), for people who look there, decide there, and are told. */
import { SalesforceError } from '../shared/salesforce/errors.ts';
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import { quoted } from '../shared/salesforce/soql.ts';
import { isText } from '../shared/shapes.ts';
import type { Database } from '../shared/sql/types.ts';
import { cutOff, shortened } from '../shared/text.ts';
import { RECORDS_A_CALL, savedIn } from './collections.ts';
import { failedRows, noteRefusals, settledRefusals } from './db/rows.ts';
import type { RunRow, RunStatus } from './db/runs.ts';
import type { Counts } from './types.ts';

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
  /** Each record was compared at least once since then. */
  vouchedSince: Date | null;
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

/** Where an org has no book, nothing is written: `isKept` says so after the first entry. */
export class RunBook {
  isKept = true;
  readonly #client: SalesforceClient;

  constructor(client: SalesforceClient) {
    this.#client = client;
  }

  async #save(run: RunRow, values: Record<string, unknown>): Promise<void> {
    if (!this.isKept) return;
    try {
      await this.#client.change('PATCH', `/sobjects/Feed_Run__c/Run_Key__c/${run.key}`, values);
    } catch (error) {
      if (!(error instanceof SalesforceError && error.status === 404)) throw error;
      this.isKept = false;
    }
  }

  /** A run begins. One call. */
  begin(run: RunRow, object: string): Promise<void> {
    return this.#save(run, {
      Company__c: run.company,
      Feed__c: run.feed,
      Object__c: object,
      Started_At__c: run.started_at.toISOString(),
      Status__c: STATUS.running,
    });
  }

  /** How it ended, or that it is held. One call. */
  end(run: RunRow, { status, endedAt, fence, vouchedSince, counts, reasons, apiCalls }: Entry): Promise<void> {
    return this.#save(run, {
      Status__c: STATUS[status],
      Ended_At__c: endedAt?.toISOString() ?? null,
      Fence__c: fence?.toISOString() ?? null,
      Vouched_Since__c: vouchedSince?.toISOString() ?? null,
      Reasons__c: shortened(reasons.join('\n'), MAX_REASONS) || null,
      // this call counts too
      Api_Calls__c: apiCalls + 1,
      ...countsOf(counts),
    });
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
      const answer = await this.#client.change<unknown>('PATCH', '/composite/sobjects/Feed_Refusal__c/Refusal_Key__c', {
        allOrNone: false,
        records: rows.map(({ row_key: key, external_id: id, problem, refused_since: since, attempts }) => ({
          attributes: { type: 'Feed_Refusal__c' },
          Refusal_Key__c: cutOff(`${run.feed}/${key}`, 255),
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
      const ids = rows.map(({ refusal_id: id }) => id).join(',');
      await this.#client.change('DELETE', `/composite/sobjects?ids=${ids}&allOrNone=false`);
      await noteRefusals(
        db,
        run,
        rows.map(({ row_key: key }) => ({ key, id: null })),
      );
    }
  }
}
