import type { Clock } from 'kernel/clock.ts';
import type { ComparedObject, Replaced, Undo } from '../compared-object.ts';
import type { ExternalRequest, ExternalState, RepairName } from '../types.ts';

export interface UndoOptions {
  compared: ComparedObject;
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

/** Why the repair cannot be taken back as the record stands, or null. */
const obstacle = (repair: Replaced, now: ExternalState | undefined): UndoOutcome | null => {
  if (Object.keys(repair.before).length === 0) return 'nothing to undo';
  if (repair.undoneBy !== null) return `undone before by run ${repair.undoneBy}`;
  if (!now || now.deleted) return 'refused: the external system has no such record any more';
  return now.revision === repair.revision
    ? null
    : `refused: the record has moved on to revision ${now.revision}, the repair made ${repair.revision}`;
};

const restore = async (
  undoing: Undo,
  replaced: Replaced,
  now: ExternalState,
  { external, runKey, undoes }: UndoOptions,
): Promise<UndoOutcome> => {
  try {
    await undoing.restore(external, replaced, now, { runKey, undoes });
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
  const { compared, external, undoes, key: only } = options;
  const repairs = (await compared.undo?.readReplaced(external, undoes, only)) ?? [];
  const states = await compared.outside.lookUp(external, { keys: repairs.map(({ key }) => key) });
  const current = new Map(states.map((state) => [state.key, state]));
  const records: UndoneRecord[] = [];
  for (const repair of repairs) {
    const now = current.get(repair.key);
    const outcome =
      obstacle(repair, now) ??
      (options.dryRun ? ('planned' as const) : await restore(compared.undo!, repair, now!, options));
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
