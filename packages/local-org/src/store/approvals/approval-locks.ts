/** Which records are locked, and who may edit them nevertheless (Apex Developer Guide, "Approval Process"). */
import type { Database } from '../database/database.ts';
import { keyValueState } from '../state.ts';

const KIND = 'record-lock';
/** Locked by Apex, or for good: only administrators edit the record. */
const NOBODY = '';

export class ApprovalLocks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The locked ones among these ids, each with the id of the approval that locked it, or null. */
  of(ids: readonly string[]): Map<string, string | null> {
    const rows = this.#database.all(
      'SELECT key, value FROM "$state" WHERE kind = ? AND key IN (SELECT value FROM json_each(?))',
      [KIND, JSON.stringify(ids)],
    );
    return new Map(rows.map(([id, by]) => [String(id), by === NOBODY ? null : String(by)]));
  }

  lock(id: string, instanceId: string | null): void {
    keyValueState(this.#database).put(KIND, id, instanceId ?? NOBODY);
  }

  /** A lock that is there stays what it is. */
  lockByHand(id: string): void {
    if (this.of([id]).size === 0) this.lock(id, null);
  }

  unlock(id: string): void {
    keyValueState(this.#database).delete(KIND, id);
  }
}
