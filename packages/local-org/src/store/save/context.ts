import type { Sequences } from '../database/sequences.ts';
import type { Transactions } from '../database/transactions.ts';
import type { Permissions } from '../permissions/permissions.ts';
import type { Records } from '../records/records.ts';
import type { ObjectShape, ObjectShapes } from '../schema/object-shape.ts';
import type { RecycleBin } from '../records/recycle-bin.ts';
import type { ObjectSchema, Row, SaveError, SaveRequest, Schema, TriggerHost, Value } from '../types.ts';
import type { ValidationRules } from './validation-rules.ts';

/** What the steps of a save work with. */
export interface SaveServices {
  orgId: string;
  schema: Schema;
  shapes: ObjectShapes;
  records: Records;
  recycleBin: RecycleBin;
  sequences: Sequences;
  transactions: Transactions;
  permissions: Permissions;
  rules: ValidationRules;
  /** Epoch milliseconds. */
  now(): number;
}

/** One chunk of rows of one object on its way through the steps. */
export interface SaveContext extends SaveServices {
  object: ObjectSchema;
  shape: ObjectShape;
  operation: 'insert' | 'update';
  request: Pick<SaveRequest, 'access' | 'source' | 'allowTruncation'>;
  triggers: TriggerHost;
  /** The moment of the save in whole seconds, which is what audit fields hold. */
  moment: number;
}

/** A row of the chunk. Steps add errors to it; a row with errors takes no part in the steps behind. */
export interface Entry {
  /** What the caller gave: fields that are absent keep their value. */
  readonly input: ReadonlyMap<string, Value>;
  id: string | null;
  /** The stored state before an update. */
  old: Row | null;
  /** The full new state. */
  row: Row;
  errors: SaveError[];
}

/** One step: what is wrong with a row goes to `entry.errors`. */
export type Step = (context: SaveContext, entries: Entry[]) => void;

export const saveError = (code: string, message: string, fields: string[] = []): SaveError => ({
  code,
  message,
  fields,
});

/** A value of the new state. */
export const valueOf = (entry: Entry, field: string): Value => entry.row.values.get(field) ?? null;

/** Whether a field of the new state is given anew: always on insert, else when it differs from the stored state. */
export const isChanged = (entry: Entry, field: string): boolean =>
  entry.old === null || valueOf(entry, field) !== (entry.old.values.get(field) ?? null);
