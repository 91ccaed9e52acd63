/** Deletes and restores. */
import { isStored } from '../database/columns.ts';
import { quote, type Database } from '../database/database.ts';
import type { Records } from '../records/records.ts';
import { mastersOf } from '../schema/relationships.ts';
import type { FieldSchema, ObjectSchema, Schema, Value } from '../types.ts';
import { duplicateOf, saveError, type Entry } from './entry.ts';

type Constraint = NonNullable<FieldSchema['deleteConstraint']>;

/** What deleting a parent does to its children, for standard lookups (object reference and help, deleting records). */
const STANDARD: Record<string, Constraint> = {
  'Case.AccountId': 'Restrict',
  'Case.ContactId': 'Restrict',
  'Contact.AccountId': 'Cascade',
  'Opportunity.AccountId': 'Cascade',
  'Contract.AccountId': 'Restrict',
  'Asset.AccountId': 'Cascade',
};

/** Lookups that leave their value behind: who did something stays on record. */
const HISTORICAL = new Set(['CreatedById', 'LastModifiedById', 'OwnerId', 'MasterRecordId', 'RecordTypeId']);

export interface ChildLookup {
  object: ObjectSchema;
  field: FieldSchema;
  constraint: Constraint;
}

/** All lookups to an object, with what a deletion does to them. */
export function childLookups(schema: Schema, parent: ObjectSchema): ChildLookup[] {
  return [...schema.objects.values()]
    .filter((object) => object.kind !== 'platformEvent')
    .flatMap((object) =>
      [...object.fields.values()]
        .filter((field) => field.type === 'reference' && field.formula === undefined && !HISTORICAL.has(field.name))
        .filter((field) => field.referenceTo?.some((target) => target.toLowerCase() === parent.name.toLowerCase()))
        .map((field) => ({ object, field, constraint: constraintOf(object, field) })),
    );
}

function constraintOf(object: ObjectSchema, field: FieldSchema): Constraint {
  if (field.cascadeDelete === true) return 'Cascade';
  return field.deleteConstraint ?? STANDARD[`${object.name}.${field.name}`] ?? 'SetNull';
}

/** Records that went into the bin or came out of it with one that was asked for. */
export interface Moved {
  /** The record that was deleted or restored. */
  root: string;
  object: ObjectSchema;
  ids: string[];
}

/** Children named in a refusal to delete their parent. */
const NAMED_CHILDREN = 5;

/**
 * Deletes and restores. Deleted rows stay in their table with IsDeleted set; what went with them
 * (details, lookups that were emptied) is noted, so that undelete brings it back.
 */
export class RecycleBin {
  readonly #database: Database;
  readonly #schema: Schema;
  readonly #records: Records;
  readonly #lookups = new Map<ObjectSchema, ChildLookup[]>();

  constructor(database: Database, schema: Schema, records: Records) {
    this.#database = database;
    this.#schema = schema;
    this.#records = records;
    database.exec(`
      CREATE TABLE IF NOT EXISTS "$deleted" (root TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL, value TEXT);
      CREATE INDEX IF NOT EXISTS "$deleted.root" ON "$deleted" (root)`);
  }

  /** Adds an error to each row that children keep from being deleted. */
  refuseRestricted(object: ObjectSchema, entries: Entry[]): void {
    for (const { object: child, field, constraint } of this.#lookupsTo(object)) {
      if (constraint !== 'Restrict') continue;
      for (const entry of entries) {
        const children = this.#records.idsWhere(child, field, [entry.id!], NAMED_CHILDREN);
        if (children.length === 0) continue;
        const names = this.#records
          .read(
            child,
            children.map(({ id }) => id),
          )
          .map((row) => nameOf(child, row.values));
        const what = nameOf(object, entry.old!.values);
        entry.errors.push(
          saveError(
            'DELETE_FAILED',
            `Your attempt to delete ${what} could not be completed because it is associated with the following ${child.labelPlural.toLowerCase()}.: ${names.join(', ')}\n`,
          ),
        );
      }
    }
  }

  /** Adds an error to each deleted row whose unique values another row has taken since. */
  refuseDuplicates(object: ObjectSchema, entries: Entry[]): void {
    for (const field of object.fields.values()) {
      if (!field.unique || !isStored(field)) continue;
      for (const entry of entries) {
        const value = entry.old!.values.get(field.name) ?? null;
        const id = value === null ? null : this.#records.duplicateOf(object, [[field, value]], entry.id!);
        if (id !== null) entry.errors.push(duplicateOf(field.name, id));
      }
    }
  }

  /** Deletes rows with their details, which it answers, and empties the lookups that pointed to them. */
  remove(object: ObjectSchema, ids: string[], now: number): Moved[] {
    const moved: Moved[] = [];
    for (const id of ids) this.#removeTree(id, object, [id], now, moved);
    return moved.filter((each) => each.root !== each.ids[0]);
  }

  /** Brings rows back with everything that went with them; answers the details among it. */
  restore(object: ObjectSchema, ids: string[], now: number): Moved[] {
    const moment = Math.floor(now / 1000) * 1000;
    const moved: Moved[] = [];
    for (const id of ids) {
      this.#mark(object, [id], false, moment);
      this.#leaveMaster(object, id);
      for (const [name, row, field, value] of this.#database.all(
        'SELECT object, id, field, value FROM "$deleted" WHERE root = ?',
        [id],
      )) {
        const child = this.#schema.objects.get(String(name).toLowerCase());
        if (child === undefined) continue;
        if (field === '') {
          this.#mark(child, [String(row)], false, moment);
          moved.push({ root: id, object: child, ids: [String(row)] });
        } else
          this.#database.run(
            `UPDATE ${quote(child.name)} SET ${quote(String(field))} = ? WHERE "Id" = ? AND ${quote(String(field))} IS NULL`,
            [value ?? null, String(row)],
          );
      }
      this.#database.run('DELETE FROM "$deleted" WHERE root = ?', [id]);
    }
    return moved;
  }

  /** Adds an error to each deleted detail of which a master is deleted: without it there is nothing to come back to. */
  refuseOrphans(object: ObjectSchema, entries: Entry[]): void {
    for (const field of mastersOf(object)) {
      const master = this.#schema.objects.get(field.referenceTo![0]!.toLowerCase())!;
      const named = entries.map((entry) => String(entry.old!.values.get(field.name)));
      const there = this.#records.existing(master, named);
      for (const [index, entry] of entries.entries())
        if (!there.has(named[index]!))
          entry.errors.push(
            saveError('UNDELETE_FAILED', `The ${field.label} of the record is deleted: restore it first`),
          );
    }
  }

  /** Takes rows that are in the bin out of it for good, with everything that lies in it because of them. */
  empty(object: ObjectSchema, ids: string[]): void {
    for (const id of ids) {
      const details = this.#database.all(`SELECT object, id FROM "$deleted" WHERE root = ? AND field = ''`, [id]);
      for (const [name, row] of details) {
        const child = this.#schema.objects.get(String(name).toLowerCase());
        if (child !== undefined) this.#records.erase(child, [String(row)]);
      }
      this.#database.run('DELETE FROM "$deleted" WHERE root = ?', [id]);
    }
    this.#records.erase(object, ids);
  }

  /** Which of these rows lie in the bin because another one does. */
  followers(ids: string[]): Set<string> {
    const found = this.#database.all(
      `SELECT id FROM "$deleted" WHERE field = '' AND id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Set(found.map(([id]) => id as string));
  }

  /** Points every lookup at one of `from` to `to` instead, and stamps the records that it moves; answers their ids. */
  reparent(object: ObjectSchema, from: string[], to: string, stamp: { moment: number; userId: string }): string[] {
    const all = new Set<string>();
    for (const { object: child, field } of this.#lookupsTo(object)) {
      const moved = this.#records.idsWhere(child, field, from);
      const values: Record<string, Value> = {
        LastModifiedDate: stamp.moment,
        LastModifiedById: stamp.userId,
        SystemModstamp: stamp.moment,
      };
      const stamps = Object.entries(values).filter(([name]) => child.fields.has(name.toLowerCase()));
      for (const { id } of moved) {
        this.#records.update(child, id, new Map([[field.name, to], ...stamps]));
        all.add(id);
      }
    }
    return [...all];
  }

  #removeTree(root: string, object: ObjectSchema, ids: string[], now: number, moved: Moved[]): void {
    moved.push({ root, object, ids });
    const recycled = object.undeletable && object.fields.has('isdeleted');
    for (const { object: child, field, constraint } of this.#lookupsTo(object)) {
      if (field.relationshipOrder !== undefined) this.#eraseJunctions(child, field, ids);
      const children = this.#records.idsWhere(child, field, ids);
      if (children.length === 0) continue;
      if (constraint === 'Cascade') {
        const childIds = children.map(({ id }) => id);
        if (recycled) for (const id of childIds) this.#note(root, child, id, null, null);
        this.#removeTree(root, child, childIds, now, moved);
      } else {
        for (const { id, value } of children) {
          if (recycled) this.#note(root, child, id, field, value);
          this.#database.run(`UPDATE ${quote(child.name)} SET ${quote(field.name)} = NULL WHERE "Id" = ?`, [id]);
        }
      }
    }
    if (recycled) this.#mark(object, ids, true, Math.floor(now / 1000) * 1000);
    else this.#records.erase(object, ids);
  }

  /**
   * A junction record whose one master is deleted is gone for good once the other is deleted too (Salesforce Help,
   * "Considerations for Object Relationships").
   */
  #eraseJunctions(child: ObjectSchema, field: FieldSchema, ids: string[]): void {
    if (mastersOf(child).length < 2) return;
    const gone = this.#database.all(
      `SELECT "Id" FROM ${quote(child.name)} WHERE ${quote(field.name)} IN (SELECT value FROM json_each(?)) AND "IsDeleted" = 1`,
      [JSON.stringify(ids)],
    );
    const junctions = this.followers(gone.map(([id]) => id as string));
    if (junctions.size === 0) return;
    const list = [...junctions];
    this.#database.run('DELETE FROM "$deleted" WHERE id IN (SELECT value FROM json_each(?))', [JSON.stringify(list)]);
    this.#records.erase(child, list);
  }

  /** A record that lost a merge is one of its own again when it is restored; what followed the other stays there. */
  #leaveMaster(object: ObjectSchema, id: string): void {
    const field = object.fields.get('masterrecordid');
    if (field !== undefined) this.#records.update(object, id, new Map([[field.name, null]]));
  }

  #mark(object: ObjectSchema, ids: string[], deleted: boolean, moment: number): void {
    if (!object.fields.has('isdeleted')) return;
    const stamp = object.fields.has('systemmodstamp') ? ', "SystemModstamp" = ?2' : '';
    this.#database.run(
      `UPDATE ${quote(object.name)} SET "IsDeleted" = ?1${stamp} WHERE "Id" IN (SELECT value FROM json_each(?${stamp === '' ? 2 : 3}))`,
      [Number(deleted), ...(stamp === '' ? [] : [moment]), JSON.stringify(ids)],
    );
  }

  #note(root: string, object: ObjectSchema, id: string, field: FieldSchema | null, value: Value): void {
    this.#database.run('INSERT INTO "$deleted" (root, object, id, field, value) VALUES (?, ?, ?, ?, ?)', [
      root,
      object.name,
      id,
      field?.name ?? '',
      value as string | null,
    ]);
  }

  #lookupsTo(object: ObjectSchema): ChildLookup[] {
    let lookups = this.#lookups.get(object);
    if (lookups === undefined) this.#lookups.set(object, (lookups = childLookups(this.#schema, object)));
    return lookups;
  }
}

function nameOf(object: ObjectSchema, values: ReadonlyMap<string, Value>): string {
  const field = [...object.fields.values()].find((each) => each.nameField);
  return String((field && values.get(field.name)) ?? values.get('Id'));
}
