import { checkApprovalLocks } from '../approvals/check-approval-locks.ts';
import { assignOwners } from '../automation/assignment.ts';
import { refuseDuplicates } from '../automation/duplicates/refuse-duplicates.ts';
import { flowsAfterSave, flowsBeforeSave } from '../automation/flow/run-flows.ts';
import { runWorkflow } from '../automation/workflow.ts';
import { mastersOf } from '../schema/relationships.ts';
import { rollUp } from '../summaries/roll-up.ts';
import type { TouchedDetail } from '../summaries/roll-up.ts';
import { StoreError } from '../types.ts';
import type { ObjectSchema, Row, SaveRequest, TriggerHost } from '../types.ts';
import { checkFieldAccess, checkMasterAccess, checkRecordAccess } from './access.ts';
import type { ChunkOutcome, SaveContext, SaveServices, Step } from './context.ts';
import { applyDefaults } from './defaults.ts';
import { deriveFields } from './derive.ts';
import { fireAfter, fireBefore } from './fire-triggers.ts';
import { loadOld, takeInput } from './take-input.ts';
import { lockMasters, lockRows } from './lock-rows.ts';
import { normaliseValues } from './normalise.ts';
import { followStandardPrices } from './price-books.ts';
import { checkReferences } from './references.ts';
import { checkStandardRules } from './standard-rules.ts';
import { soundOf } from './sound.ts';
import { validateValues } from './validate.ts';
import { checkRules } from './validation-rules.ts';
import { writeRows } from './write.ts';
import type { Entry } from './entry.ts';

/** Rows that triggers see at a time (Apex developer guide, triggers and bulk requests). */
export const CHUNK_SIZE = 200;
/** How often a chunk with failing rows is tried with the rest (Apex developer guide, bulk DML exception handling). */
const MAX_ATTEMPTS = 3;

/** The order of execution (Apex Developer Guide, "Triggers and Order of Execution"). */
const INTO_DATABASE: Step[] = [
  flowsBeforeSave,
  fireBefore,
  normaliseValues,
  deriveFields,
  validateValues,
  checkStandardRules,
  checkReferences,
  checkMasterAccess,
  checkRules,
  refuseDuplicates,
  writeRows,
  followStandardPrices,
];
const INSERT: Step[] = [checkFieldAccess, takeInput, applyDefaults, ...INTO_DATABASE];
const UPDATE: Step[] = [loadOld, lockRows, checkAccess, takeInput, ...INTO_DATABASE];
/** What happens to rows that are stored, unless they are saved within their own save. */
const BEHIND_AFTER_TRIGGERS: Step[] = [assignOwners, runWorkflow, flowsAfterSave, lockAndRollUp];

/** Step: locks the masters; what the row was and is counts in their summaries, as it is stored now. */
function lockAndRollUp(context: SaveContext, entries: Entry[]): void {
  const { object } = context;
  if (mastersOf(object).length === 0 && object.summaries === undefined) return;
  const ids = entries.map((entry) => entry.id!);
  const stored = new Map(context.records.read(object, ids).map((row) => [row.id, row]));
  const now = (entry: Entry): Row | null => stored.get(entry.id) ?? null;
  lockMasters(context, object, entries, now);
  const touched = soundOf(entries).map((entry): TouchedDetail => ({ entry, object, states: [entry.old, now(entry)] }));
  rollUp(context, touched, context.request.access, context.triggers);
}

function checkAccess(context: SaveContext, entries: Entry[]): void {
  checkFieldAccess(context, entries);
  checkRecordAccess(context, context.object, context.request.access, entries);
  checkApprovalLocks(context, context.object, context.request.access, entries);
}

/**
 * Inserts or updates at most 200 rows of one object. Without allOrNone, rows that fail are taken out,
 * everything is rolled back to before the chunk, and the others are saved again, triggers included.
 */
export function saveChunk(
  services: SaveServices,
  object: ObjectSchema,
  operation: 'insert' | 'update',
  rows: Row[],
  request: Pick<SaveRequest, 'access' | 'source' | 'allowTruncation' | 'summaries' | 'allOrNone'>,
  triggers: TriggerHost,
): ChunkOutcome[] {
  const outcomes: ChunkOutcome[] = rows.map(() => ({ id: null, errors: [] }));
  let remaining = rows.map((_, index) => index);
  for (let attempt = 1; remaining.length > 0; attempt++) {
    const savepoint = services.transactions.savepoint();
    const moment = Math.floor(services.now() / 1000) * 1000;
    const context: SaveContext = {
      ...services,
      object,
      shape: services.shapes.of(object),
      operation,
      request,
      triggers,
      moment,
    };
    const entries = remaining.map((index) => newEntry(object, rows[index]!));
    runSteps(context, entries);
    entries.forEach(
      (entry, at) =>
        (outcomes[remaining[at]!] = { id: entry.errors.length > 0 ? null : entry.id, errors: entry.errors }),
    );
    if (entries.every((entry) => entry.errors.length === 0)) {
      services.transactions.release(savepoint);
      break;
    }
    services.transactions.rollbackTo(savepoint);
    services.transactions.release(savepoint);
    if (request.allOrNone) break;
    if (attempt === MAX_ATTEMPTS)
      throw new StoreError(
        'UNKNOWN_EXCEPTION',
        'Too many batch retries in the presence of Apex triggers and partial failures.',
      );
    remaining = remaining.filter((index) => outcomes[index]!.errors.length === 0);
  }
  return outcomes;
}

function newEntry(object: ObjectSchema, row: Row): Entry {
  return {
    input: row.values,
    id: row.id,
    old: null,
    row: {
      object: object.name,
      id: null,
      values: new Map(),
      ...(row.clonedFrom === undefined ? {} : { clonedFrom: row.clonedFrom }),
    },
    errors: [],
    assignmentRule: row.assignmentRule,
    duplicateChoice: row.duplicateChoice,
  };
}

function runSteps(context: SaveContext, entries: Entry[]): void {
  run(context, entries, context.operation === 'insert' ? INSERT : UPDATE);
  const stored = soundOf(entries);
  const begun = context.underWay.begin(stored.map((entry) => entry.id!));
  try {
    run(context, stored, [fireAfter]);
    const own = new Set(begun);
    run(
      context,
      stored.filter((entry) => own.has(entry.id!)),
      BEHIND_AFTER_TRIGGERS,
    );
  } finally {
    context.underWay.end(begun);
  }
}

/** Every step sees only the rows that have no error so far. */
function run(context: SaveContext, entries: Entry[], steps: Step[]): void {
  for (const step of steps) {
    const sound = soundOf(entries);
    if (sound.length === 0) return;
    step(context, sound);
  }
}
