import type { Scalar } from '../../shared/case-messages.ts';
import type { Clock } from 'kernel/clock.ts';
import { lookUp, type ExternalRequest } from '../sides/external-records.ts';
import type { RepairName } from '../kinds.ts';
import type { ExternalState } from '../types.ts';

export interface UndoOptions {
  external: ExternalRequest;
  clock: Clock;
  /** A UUID: what is done is kept under it, so that an undo can be undone too. */
  runKey: string;
  /** The run whose repairs are taken back. */
  undoes: string;
  /** Of this record alone. */
  key: string | null;
  dryRun: boolean;
  /** The run's repairs that replaced no value, by the key of their record. */
  valueless?: ReadonlyMap<string, RepairName>;
}

export type UndoOutcome =
  'planned' | 'undone' | 'nothing to undo' | `undone before by run ${string}` | `refused: ${string}`;

export interface UndoneRecord {
  key: string;
  externalId: string | null;
  /** What is taken back. */
  repair: RepairName;
  /** Which fields have their earlier values again. Names only. */
  fields: string[];
  outcome: UndoOutcome;
}

export interface UndoReport {
  runKey: string;
  undoes: string;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
  dryRun: boolean;
  records: UndoneRecord[];
}

/** What the external system keeps of a run's repair. Holds values. */
interface Repair {
  key: string;
  externalId: string | null;
  /** Made by the repair. */
  revision: number;
  before: Record<string, Scalar>;
  undoneBy: string | null;
}

const readRepairs = async (
  request: ExternalRequest,
  { undoes, key }: Pick<UndoOptions, 'undoes' | 'key'>,
): Promise<Repair[]> => {
  const repairs: Repair[] = [];
  for (let after: string | null = ''; after !== null;) {
    const query = new URLSearchParams({ run: undoes, after, ...(key === null ? {} : { key }) });
    const page: { repairs: Repair[]; next: string | null } = await request('GET', `/v1/repairs?${query.toString()}`);
    repairs.push(...page.repairs);
    after = page.next;
  }
  return repairs;
};

/** Why the repair cannot be taken back as the record stands, or null. */
const obstacle = (repair: Repair, now: ExternalState | undefined): UndoOutcome | null => {
  if (Object.keys(repair.before).length === 0) return 'nothing to undo';
  if (repair.undoneBy !== null) return `undone before by run ${repair.undoneBy}`;
  if (!now || now.deleted) return 'refused: the external system has no such record any more';
  return now.revision === repair.revision
    ? null
    : `refused: the record has moved on to revision ${now.revision}, the repair made ${repair.revision}`;
};

const restore = async (repair: Repair, now: ExternalState, options: UndoOptions): Promise<UndoOutcome> => {
  const fields = Object.keys(repair.before);
  try {
    await options.external('POST', `/v1/cases/${now.externalId}/carry`, {
      values: repair.before,
      ifRevision: repair.revision,
      repair: {
        run: options.runKey,
        undoes: options.undoes,
        before: Object.fromEntries(fields.map((field) => [field, now.values[field] ?? null])),
      },
    });
    return 'undone';
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
};

/**
 * Takes back what a run's repairs replaced: the earlier value of each field becomes a new revision outside,
 * which goes to Salesforce as any other. A record that has moved on since is left as it is.
 */
export const undo = async (options: UndoOptions): Promise<UndoReport> => {
  const startedAt = options.clock.now();
  const repairs = await readRepairs(options.external, options);
  const states = await lookUp(
    options.external,
    repairs.map(({ key }) => key),
  );
  const current = new Map(states.map((state) => [state.key, state]));
  const records: UndoneRecord[] = [];
  for (const repair of repairs) {
    const now = current.get(repair.key);
    const outcome =
      obstacle(repair, now) ?? (options.dryRun ? ('planned' as const) : await restore(repair, now!, options));
    const { key, externalId, before } = repair;
    records.push({ key, externalId, repair: 'carry by owner', fields: Object.keys(before).sort(), outcome });
  }
  for (const [key, repair] of options.valueless ?? []) {
    if (options.key === null || options.key === key)
      records.push({ key, externalId: null, repair, fields: [], outcome: 'nothing to undo' });
  }
  return {
    runKey: options.runKey,
    undoes: options.undoes,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(options.clock.now()).toISOString(),
    dryRun: options.dryRun,
    records,
  };
};
