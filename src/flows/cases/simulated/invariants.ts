import { canonicalValue, contentOf, type ContentType } from '../../../shared/digest/content.ts';
import type { Ledger, Side } from '../../../simulation/ledger.ts';
import { withBeside } from './beside.ts';
import { brokenStates, STATE_FIELDS, type StateOfCase } from './case-states.ts';
import { misplaced } from './born-outside.ts';
import { HOST } from './host.ts';
import { failedJobs } from './jobs.ts';
import type { Scene } from './scene.ts';
import { SAMPLE, type TypedField } from '../../../shared/sample.ts';
import { comparedTypes, typedFieldsOf } from './typed-fields.ts';

type Types = Record<string, ContentType>;

/** Numbers that only ever rise: a lower one means that something older has won. */
const RISING = ['Sync_Version__c', 'External_Revision__c', 'Sync_Base_Revision__c'] as const;

interface CaseRow extends StateOfCase, Record<string, string | number | boolean | null> {
  Sync_Key__c: string;
  /** Null: out of the scope. */
  Sync_Status__c: string | null;
  Sync_Version__c: number;
  External_Revision__c: number | null;
  Sync_Base_Revision__c: number | null;
}

interface RecordRow {
  key: string;
  external_id: string;
  revision: number;
  request_version: number | null;
  origin_case_id: string | null;
  salesforce_case_id: string | null;
  sync_status: string;
  sync_error_code: string | null;
  values: Record<string, string | number | boolean | null>;
  deleted_at: Date | null;
  salesforce_deletion: { reason: string } | null;
}

/** Both sides at one moment. */
interface Sight {
  cases: CaseRow[];
  records: RecordRow[];
  recordOf: Map<string, RecordRow>;
}

/** Watches one simulation: what must hold at every moment, and what must hold after quiet time. */
export class Invariants {
  readonly #scene: Scene;
  readonly #ledger: Ledger;
  /** Per record and number: the highest seen so far. */
  readonly #highest = new Map<string, number>();
  readonly #typed: readonly TypedField[];
  /** All fields that both sides hold, and how their values are compared. */
  readonly #types: Types;

  constructor(scene: Scene, ledger: Ledger) {
    this.#scene = scene;
    this.#ledger = ledger;
    this.#typed = typedFieldsOf(scene.world);
    this.#types = comparedTypes(this.#typed);
  }

  async #look(): Promise<Sight> {
    const columns = [
      'Id',
      'Sync_Key__c',
      'Sync_Status__c',
      'Sync_Pending__c',
      'Sync_Error_Code__c',
      'External_Id__c',
      'Digest_K1__c',
      ...RISING,
      ...STATE_FIELDS,
      ...Object.keys(this.#types),
    ];
    const { world } = this.#scene;
    const cases = await withBeside(world, world.query<CaseRow>(`SELECT ${columns.join(', ')} FROM Case ORDER BY Id`));
    const records = await world.db.query<RecordRow>('SELECT * FROM case_record ORDER BY key');
    world.trace.note(JSON.stringify(cases.map(({ attributes: _, ...row }) => row)), JSON.stringify(records));
    return { cases, records, recordOf: new Map(records.map((record) => [record.key, record])) };
  }

  /** What must hold at every moment, faults or not. */
  async always(sight?: Sight): Promise<string[]> {
    const seen = sight ?? (await this.#look());
    return [
      ...successIsTrue(seen, this.#types, this.#ledger.isAfterRestore),
      ...oneOfEach(seen),
      ...brokenStates(seen.cases, this.#scene.world.clock.now()),
      ...this.#rising(seen),
      ...(await this.#appliedOnce()),
      ...this.#scene.pause.broken,
      ...this.#scene.outages.broken,
      ...this.#scene.turns.broken,
      ...this.#scene.scope.broken,
      ...this.#scene.heartbeats.broken,
      ...this.#scene.outbox.broken,
      ...digestsOutOfScope(seen),
      ...this.#scene.answers.broken,
      ...this.#scene.registryWatch.broken,
      ...this.#scene.jobs.broken,
      ...(await this.#scene.saves.settled()),
    ];
  }

  #rising({ cases, records }: Sight): string[] {
    const broken: string[] = [];
    const check = (record: string, name: string, value: number | null): void => {
      const at = `${name} of ${record}`;
      const before = this.#highest.get(at);
      if (before !== undefined && (value ?? -1) < before)
        broken.push(`${at} fell from ${before} to ${value}: something older has won`);
      if (value !== null) this.#highest.set(at, value);
    };
    for (const row of cases) {
      for (const name of RISING) check(`Case ${row.Id}`, name, row[name]);
      check(`version ${row.Sync_Version__c} of Case ${row.Id}`, 'Sync_Attempt__c', row.Sync_Attempt__c);
    }
    for (const { external_id: id, revision, request_version: version } of records) {
      check(id, 'revision', revision);
      check(id, 'request version', version);
    }
    return broken;
  }

  /** A revision of several marks brought back what a restore had lost: that was applied before. */
  async #appliedOnce(): Promise<string[]> {
    const twice = await this.#scene.world.db.query<{ key: string; request_version: number; n: number }>(
      'SELECT key, request_version, count(*)::int AS n FROM case_revision WHERE request_values IS NOT NULL AND cardinality(marks) = 1 GROUP BY 1, 2 HAVING count(*) > 1',
    );
    return twice.map(({ key, request_version: version, n }) => `version ${version} of ${key} was applied ${n} times`);
  }

  /** What must hold after quiet time: everything arrived, both sides are equal, nobody's change is lost unless its owner's won. */
  async atRest(): Promise<string[]> {
    const sight = await this.#look();
    const { cases, records, recordOf } = sight;
    const broken = await this.always(sight);
    broken.push(...(await misplaced(this.#scene.world, this.#ledger)), ...(await failedJobs(this.#scene.world)));
    broken.push(...(await this.#swept()));
    const inside = new Map(cases.map((row) => [row.Sync_Key__c, row]));
    for (const row of cases) {
      const twin = recordOf.get(row.Sync_Key__c);
      if (twin?.deleted_at || (!twin && this.#lostItsRecord(row))) continue;
      if (isOutOfScope(row)) {
        const reason = twin?.salesforce_deletion?.reason;
        if (twin && reason !== 'Left Scope')
          broken.push(`${twin.external_id} was not told that its Case left the scope, but ${reason}`);
        continue;
      }
      if (row.Sync_Status__c !== 'Success')
        broken.push(
          `Case ${row.Id} rests as ${row.Sync_Status__c}, pending ${row.Sync_Pending__c}, ${row.Sync_Error_Code__c}`,
        );
      else if (!twin) broken.push(`Case ${row.Id} has no record outside`);
      else {
        const [ours, theirs] = [contentOf(row, this.#types), contentOf(twin.values, this.#types)];
        if (ours !== theirs) broken.push(`Case ${row.Id} differs from ${twin.external_id}:\n${ours}\n---\n${theirs}`);
        if (twin.salesforce_deletion)
          broken.push(`${twin.external_id} takes the living Case ${row.Id} for ${twin.salesforce_deletion.reason}`);
      }
    }
    const told = new Set(
      (
        await this.#scene.world.query<{ Sync_Key__c: string }>(
          "SELECT Sync_Key__c FROM Sync_Tombstone__c WHERE Kind__c = 'Deleted Outside'",
        )
      ).map(({ Sync_Key__c: key }) => key),
    );
    for (const record of records) {
      const name = record.external_id;
      if (record.deleted_at) {
        const row = inside.get(record.key);
        if (row && !isOutOfScope(row) && !told.has(record.key))
          broken.push(`Case ${row.Id} was not told that ${name} was deleted`);
        continue;
      }
      if (this.#ledger.deletedInside.has(record.key)) {
        if (!record.salesforce_deletion) broken.push(`${name} was not told that its Case was deleted`);
      } else if (!inside.has(record.key)) broken.push(`${name} has no Case`);
      else if (record.sync_status !== 'Success' && !isOutOfScope(inside.get(record.key)!))
        broken.push(`${name} rests as ${record.sync_status}, ${record.sync_error_code}`);
    }
    for (const key of this.#ledger.accepted) {
      const { deletedInside, deletedOutside } = this.#ledger;
      if (!inside.has(key) && !deletedInside.has(key) && !deletedOutside.has(key))
        broken.push(`the request ${key} was accepted, and no Case came of it`);
    }
    for (const [key, field, candidates] of this.#ledger.entries((field) => this.#ownerOf(field))) {
      const row = inside.get(key);
      const value = canonicalValue(row?.[field], this.#types[field]!);
      if (!row || isOutOfScope(row) || recordOf.get(key)?.deleted_at || this.#isGiven(field, candidates, value))
        continue;
      if (this.#isOfTheHost(key, field, value)) continue;
      broken.push(
        `${field} of Case ${row.Id} is ${JSON.stringify(row[field])}, the value that must win is ${candidates.map((value) => JSON.stringify(value)).join(' or ')}`,
      );
    }
    return broken;
  }

  /** Whoever looks in Salesforce when it was swept last finds that in one place, and lately. */
  async #swept(): Promise<string[]> {
    const { world } = this.#scene;
    const controls = await world.query<{ Key__c: string; Swept_At__c: string }>(
      'SELECT Key__c, Swept_At__c FROM Sync_Control__c WHERE Swept_At__c != null',
    );
    const told = controls.map(({ Key__c: key, Swept_At__c: at }) => `${key} at ${at}`);
    const isOne = controls.length === 1 && controls[0]!.Key__c === 'Default';
    return isOne ? [] : [`Salesforce shows when it was swept last at ${told.join(', ')}`];
  }

  /** Whose value wins when both sides changed the field: as the synced fields say. */
  #ownerOf(field: string): Side {
    if (field === SAMPLE.play.ownedOutside) return 'external';
    return this.#typed.find((typed) => typed.field === field)?.owner ?? 'salesforce';
  }

  /** A value that the org has spelt its way is a change made in Salesforce: it wins where Salesforce owns the field. */
  #isOfTheHost(key: string, field: string, value: string | null): boolean {
    if (!this.#scene.world.hosted || this.#ownerOf(field) !== 'salesforce') return false;
    return [...this.#ledger.everGiven(key, field)].some(
      (given) => HOST.spelt(field, given) !== given && HOST.spelt(field, given) === value,
    );
  }

  /** A registry that lost its database forgot what it had deleted: the Case that was told of it stays as it is. */
  #lostItsRecord(row: CaseRow): boolean {
    const { isAfterRestore, deletedOutside } = this.#ledger;
    return isAfterRestore && row.Sync_Error_Code__c === 'DELETED_OUTSIDE' && deletedOutside.has(row.Sync_Key__c);
  }

  /** Whether a value is one that somebody gave last, or what the automation of the org made of it. */
  #isGiven(field: string, candidates: readonly (string | null)[], value: string | null): boolean {
    if (candidates.includes(value)) return true;
    if (!this.#scene.world.hosted) return false;
    return candidates.some((given) => HOST.spelt(field, given) === value || HOST.setsBack(field, given));
  }
}

/** The Case was never in the scope, or has left it: nobody outside is told more than that. */
const isOutOfScope = ({ Sync_Status__c: status }: CaseRow): boolean => status === null;

const digestsOutOfScope = ({ cases }: Sight): string[] =>
  cases
    .filter((row) => isOutOfScope(row) && row['Digest_K1__c'] !== null)
    .map((row) => `Case ${row.Id} is out of the scope, and in the sums that are compared`);

/**
 * `Success`: the external record holds this version and this Case's id, and at the same revision the same values. A
 * registry that was restored may have lost the version, and an org that was the revision: where both hold the same values all the
 * same, nothing has to be asked.
 */
const successIsTrue = ({ cases, recordOf }: Sight, types: Types, isAfterRestore: boolean): string[] => {
  const broken: string[] = [];
  for (const row of cases) {
    const twin = recordOf.get(row.Sync_Key__c);
    if (row.Sync_Status__c !== 'Success' || twin?.deleted_at) continue;
    const bornOutside = row.Sync_Version__c === 1 && twin?.request_version === null;
    const isRestored = isAfterRestore && twin !== undefined && contentOf(row, types) === contentOf(twin.values, types);
    if (
      !twin ||
      twin.salesforce_case_id !== row.Id ||
      !(bornOutside || isRestored || (twin.request_version ?? 0) >= row.Sync_Version__c)
    ) {
      broken.push(
        `Case ${row.Id} says Success at version ${row.Sync_Version__c}, outside: ${twin ? `version ${twin.request_version}, Case id ${twin.salesforce_case_id}` : 'nothing'}`,
      );
    } else if (twin.revision === row.Sync_Base_Revision__c && contentOf(row, types) !== contentOf(twin.values, types)) {
      broken.push(
        `Case ${row.Id} says Success and revision ${twin.revision}, with other values than ${twin.external_id}`,
      );
    }
  }
  for (const row of cases) {
    const twin = recordOf.get(row.Sync_Key__c);
    if (!twin || twin.deleted_at) continue;
    const isForgotten = isAfterRestore && contentOf(row, types) === contentOf(twin.values, types);
    if (twin.sync_status === 'Success' && (row.External_Revision__c ?? 0) < twin.revision && !isForgotten) {
      broken.push(
        `${twin.external_id} takes revision ${twin.revision} for acknowledged, Case ${row.Id} has seen ${row.External_Revision__c}`,
      );
    }
    const isOfOlder =
      (row.Sync_Error_Code__c === 'REQUIRED' && row.Subject !== null) ||
      (row.Sync_Error_Code__c === 'UNSTORABLE_TEXT' && !String(row.Subject).includes('\0'));
    if (isOfOlder) {
      broken.push(`Case ${row.Id} at version ${row.Sync_Version__c} shows the refusal of an older version`);
    }
  }
  return broken;
};

/** At most one record on either side for one on the other. */
const oneOfEach = ({ cases, records }: Sight): string[] => {
  const broken: string[] = [];
  const once = (what: string, holders: [value: string | null, holder: string][]): void => {
    const seen = new Map<string, string>();
    for (const [value, holder] of holders) {
      if (value === null) continue;
      if (seen.has(value)) broken.push(`${seen.get(value)} and ${holder} share the ${what} ${value}`);
      seen.set(value, holder);
    }
  };
  once(
    'external id',
    cases.map((row) => [row.External_Id__c, row.Id]),
  );
  once(
    'key',
    cases.map((row) => [row.Sync_Key__c, row.Id]),
  );
  once(
    'Case id',
    records.map((record) => [record.salesforce_case_id, record.external_id]),
  );
  once(
    'origin',
    records.map((record) => [record.origin_case_id, record.external_id]),
  );
  return broken;
};
