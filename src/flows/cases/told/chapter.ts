import type { FaultPlan } from '../../../external-system/faults/faults.ts';
import type { Chapter, Proven, ToldFlow } from '../../../story/flow.ts';
import type { OrgConnection } from '../../../story/org/connect.ts';
import type { Progress } from '../../../story/progress.ts';
import {
  checkAgainstOrg,
  describeDoubts,
  prepareInput,
  seedRows,
  type PreparedInput,
  type SeededRow,
} from '../../../story/seeding/seed.ts';
import type { Rejection } from '../../../story/seeding/types.ts';
import type { LocalSystem } from '../../../story/system.ts';
import { CASES } from '../carried/name.ts';
import { compare, type Proof } from './proof/compare.ts';
import { readExternal, readFailedRequests } from './proof/read-external.ts';
import { readSalesforce } from './proof/read-salesforce.ts';
import { renderCases, type CaseFigures } from './report.ts';
import { CasesInSystem, PERMISSION_SETS } from './system.ts';

/** What the default story loses: a tenth of the acknowledgements and write-backs, after telling their sender that they arrived. */
const DEFAULT_FAULTS: Partial<FaultPlan> = {
  loseIncoming: { acknowledge: 0.1, writeBack: 0.1 },
  duplicate: 0.05,
  reorder: 0.3,
};
const DOWNTIME_MS = 30_000;

interface RunTotals {
  requests: number | null;
  writeBacks: number | null;
  failed: number | null;
  repaired: number | null;
  runs: number;
}

const runRecords = async (admin: OrgConnection): Promise<RunTotals> => {
  const { records } = await admin.query<RunTotals>(
    'SELECT COUNT(Id) runs, SUM(Found_Lost_Requests__c) requests, SUM(Found_Lost_Write_Backs__c) writeBacks, SUM(Found_Failed_Due__c) failed, SUM(Recovered__c) repaired FROM Reconciliation_Run__c',
  );
  return records[0]!;
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Rows become Cases; some of what follows gets lost; at the end both sides hold the same. */
class CaseChapter implements Chapter {
  readonly flow: CasesInSystem;
  readonly #input: PreparedInput;
  #seeded: SeededRow[] = [];
  #rejected: Rejection[];

  constructor(input: PreparedInput, flow: CasesInSystem) {
    this.#input = input;
    this.#rejected = input.rejected;
    this.flow = flow;
  }

  async seed({ admin }: LocalSystem, progress: Progress): Promise<void> {
    await checkAgainstOrg(admin, this.#input.mapping);
    const { seeded, rejected } = await seedRows(admin, this.#input, (done) =>
      progress.show(`${done} of ${this.#input.rows.length} rows seeded`),
    );
    this.#seeded = seeded;
    this.#rejected = [...this.#rejected, ...rejected];
    progress.say(`${seeded.length} Cases created; the trigger stamped each of them`);
  }

  /** Until the registry has a quarter of the Cases, at most 20 s. */
  async untilUnderWay(system: LocalSystem): Promise<void> {
    const { url } = this.flow.registry(system);
    for (let tries = 0; tries < 400; tries++) {
      if ((await readExternal(url, this.flow.external.token)).length >= Math.ceil(this.#seeded.length / 4)) return;
      await wait(50);
    }
  }

  async breakThings(system: LocalSystem, progress: Progress): Promise<void> {
    await this.flow.registry(system).control.post('/control/downtime', { ms: DOWNTIME_MS });
    progress.say(`external system down for ${DOWNTIME_MS / 1000} s`);
  }

  async prove(system: LocalSystem): Promise<Proven> {
    const { url, control } = this.flow.registry(system);
    const [salesforce, external, failedOutside, totals, injected, outside] = await Promise.all([
      readSalesforce(system.admin),
      readExternal(url, this.flow.external.token),
      readFailedRequests(url, this.flow.external.token),
      runRecords(system.admin),
      control.get<{ counts: Record<string, number> }>('/control/faults'),
      control.get<{ retriggered: number }>('/control/idle'),
    ]);
    const proof = compare(salesforce, external, failedOutside);
    const figures: CaseFigures = {
      cases: this.#seeded.length,
      synced: proof.synced,
      failed: proof.failed.length,
      rejected: [...this.#rejected, ...this.#refused(proof, failedOutside)].sort((a, b) => a.row - b.row),
      discrepanciesFound: (totals.requests ?? 0) + (totals.writeBacks ?? 0) + (totals.failed ?? 0),
      discrepanciesRepaired: totals.repaired ?? 0,
      discrepanciesLeft: proof.differences.length,
      duplicates: proof.duplicates,
      differences: proof.differences,
      reconciliationRuns: totals.runs,
      retriggeredOutside: outside.retriggered,
    };
    const agreed = figures.discrepanciesLeft === 0;
    return { agreed, figures, faults: injected.counts, lines: renderCases(figures) };
  }

  places(system: LocalSystem): [label: string, value: string][] {
    const { url, token } = system.externalOf(CASES);
    return [
      ['external system', `${url}/v1/cases`],
      ['registry token', token],
    ];
  }

  /** Rows whose Cases the registry refused, and why. */
  #refused({ failed }: Proof, failedOutside: Map<string, string | null>): Rejection[] {
    const rowOf = new Map(this.#seeded.map((row) => [row.id, row]));
    return failed.map((record) => {
      const row = rowOf.get(record.id);
      return {
        row: row?.row ?? 0,
        ...(row?.name === undefined ? {} : { name: row.name }),
        field: failedOutside.get(record.key) ?? null,
        reason: `${record.errorCode}: ${record.error}`,
      };
    });
  }
}

export const toldCases: ToldFlow = {
  about: 'real service requests become Cases, and a registry decides about them',
  takesRows: true,
  permissionSets: PERMISSION_SETS,
  checked: async () => (await import('./checks/index.ts')).checkedCases,
  async prepare({ input: file, map, seed, faults }, progress) {
    const input = await prepareInput(file, map);
    const rejected = input.rejected.length ? `, ${input.rejected.length} rejected` : '';
    progress.say(`${input.rows.length} rows to seed${rejected}`);
    for (const doubt of describeDoubts(input.rows)) progress.say(doubt);
    return new CaseChapter(input, new CasesInSystem({ seed, faults: faults ? DEFAULT_FAULTS : {} }));
  },
};
