import type { Clock } from 'kernel/clock.ts';
import type { Database } from './database/database.ts';
import { Sequences } from './database/sequences.ts';
import { Transactions } from './database/transactions.ts';
import { EventLog } from './events.ts';
import type { EventListener } from './events.ts';
import { Formulas } from './formula/formulas.ts';
import { normalizeId } from './ids/record-id.ts';
import { approvalsOf } from './approvals/requests.ts';
import { ApprovalLocks } from './approvals/approval-locks.ts';
import { Permissions } from './permissions/permissions.ts';
import { PlatformRows } from './records/platform-rows.ts';
import { DetailReader } from './records/detail-values.ts';
import { Records } from './records/records.ts';
import { RowLocks } from './row-locks.ts';
import { RecycleBin } from './save/recycle-bin.ts';
import type { SaveServices } from './save/context.ts';
import { ObjectShapes } from './schema/object-shape.ts';
import { emptyRecycleBin } from './save/empty-recycle-bin.ts';
import { mergeRecords } from './save/merge.ts';
import { objectOf, save } from './save/save.ts';
import { RowFormulas } from './save/row-formulas.ts';
import { SavesUnderWay } from './save/under-way.ts';
import { isSetupObject } from './setup/setup-objects.ts';
import { standardPriceBook } from './save/price-books.ts';
import { isolatedCopy } from './setup/isolated-copy.ts';
import { defineFunctions } from './soql/run/functions.ts';
import type { Sizes } from './soql/selectivity/selectivity.ts';
import { Queries } from './soql/run/query.ts';
import { keyValueState } from './state.ts';
import { recalculateSummaries } from './summaries/recalculate.ts';
import type { MetadataProblem } from './schema/problems.ts';
import { StoreError } from './types.ts';
import type {
  Access,
  MergeResult,
  ObjectSchema,
  QueryDescription,
  QueryOptions,
  QueryResult,
  Row,
  SaveRequest,
  SaveResult,
  Schema,
  Store,
  Transaction,
  TriggerHost,
} from './types.ts';

/** The store on one SQLite database. */
export class LocalStore implements Store {
  readonly schema: Schema;
  readonly orgId: string;
  readonly events: Store['events'];
  readonly state: Store['state'];
  readonly permissions: Permissions;
  readonly approvals: Store['approvals'];
  readonly platformRows: PlatformRows;
  readonly locks: RowLocks;
  /** Metadata files of types that the local org does not have. */
  unsupported: readonly MetadataProblem[] = [];
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #transactions: Transactions;
  readonly #sequences: Sequences;
  readonly #records: Records;
  readonly #queries: Queries;
  readonly #services: SaveServices;
  readonly #formulas: Formulas;
  readonly #listeners: Set<EventListener>;
  readonly #sizes: Sizes;

  constructor(deps: {
    database: Database;
    schema: Schema;
    clock: Clock;
    orgId: string;
    listeners?: Set<EventListener>;
    sizes?: Sizes;
    locks?: RowLocks;
  }) {
    const { database, schema, clock } = deps;
    this.schema = schema;
    this.orgId = deps.orgId;
    this.#database = database;
    this.#clock = clock;
    this.#transactions = new Transactions(database);
    this.#sequences = new Sequences(database);
    this.#records = new Records(database, schema);
    this.permissions = new Permissions(database, schema, clock);
    this.platformRows = new PlatformRows({
      database,
      schema,
      records: this.#records,
      sequences: this.#sequences,
      clock,
    });
    this.#listeners = deps.listeners ?? new Set();
    this.events = new EventLog(database, this.#transactions, this.#listeners).face();
    this.state = keyValueState(database);
    this.#sizes = deps.sizes ?? new Map<string, number>();
    this.locks = deps.locks ?? new RowLocks(clock);
    this.#queries = new Queries({
      database,
      schema,
      clock,
      permissions: this.permissions,
      sizes: this.#sizes,
      locks: this.locks,
    });
    this.#formulas = new Formulas(schema, clock, {
      read: (object, id) => this.#records.read(object, [id])[0] ?? null,
      hasPermission: (userId, permission) => this.permissions.custom(userId, permission),
    });
    this.claimFunctions();
    this.#services = {
      orgId: deps.orgId,
      schema,
      shapes: new ObjectShapes(),
      records: this.#records,
      details: new DetailReader(database, schema),
      recycleBin: new RecycleBin(database, schema, this.#records),
      sequences: this.#sequences,
      transactions: this.#transactions,
      permissions: this.permissions,
      platformRows: this.platformRows,
      approvalLocks: new ApprovalLocks(database),
      state: this.state,
      rules: new RowFormulas(this.#formulas),
      underWay: new SavesUnderWay(),
      locks: this.locks,
      saveRecords: (request, triggers) => this.save(request, triggers),
      query: (soql, options) => this.query(soql, options),
      administrator: () => this.platformRows.owner,
      now: () => clock.now(),
    };
    this.approvals = approvalsOf(this.#services);
    this.#transactions.join({
      beforeCommit: () => this.#sequences.save(),
      rolledBack: () => this.permissions.forget(),
    });
  }

  begin(): Transaction {
    return this.#transactions.begin();
  }

  meanwhile<T>(work: () => T): T {
    return this.#transactions.meanwhile(work);
  }

  save(request: SaveRequest, triggers: TriggerHost): SaveResult[] {
    const results = save(this.#services, request, triggers);
    if (request.rows.some((row) => isSetupObject(row.object))) this.permissions.forget();
    return results;
  }

  merge(master: Row, duplicateIds: string[], access: Access, triggers: TriggerHost): MergeResult {
    return mergeRecords(this.#services, master, duplicateIds, access, triggers);
  }

  emptyRecycleBin(ids: string[], access: Access): SaveResult[] {
    return emptyRecycleBin(this.#services, ids, access);
  }

  holdRows(ids: string[], ms: number): void {
    const rows = ids.map((id) => {
      const normal = normalizeId(id);
      if (normal === null) throw new StoreError('MALFORMED_ID', `malformed id ${id}`, ['Id']);
      return normal;
    });
    this.locks.hold(rows, ms);
  }

  releaseRows(): void {
    this.locks.release();
  }

  query(soql: string, options: QueryOptions): QueryResult {
    return this.#queries.run(soql, options);
  }

  takeSizes(sizes: Record<string, number>): void {
    for (const [object, rows] of Object.entries(sizes))
      this.#sizes.set(objectOf(this.schema, object).name.toLowerCase(), rows);
  }

  describeQuery(soql: string, options: QueryOptions): QueryDescription {
    return this.#queries.describe(soql, options);
  }

  read(object: string, ids: string[]): Row[] {
    const normal = ids.map((id) => normalizeId(id)).filter((id) => id !== null);
    return this.#records.read(objectOf(this.schema, object), normal, 'with');
  }

  normalizeId(id: string): string | null {
    return normalizeId(id);
  }

  newId(object: string): string {
    return this.#sequences.newId(objectOf(this.schema, object).keyPrefix);
  }

  skipIds(count: number): void {
    this.#transactions.within(() => this.#sequences.skipIds(count));
  }

  objectOfId(id: string): ObjectSchema | null {
    return this.schema.byKeyPrefix.get(id.slice(0, 3)) ?? null;
  }

  writePlatformRow(row: Row & { id: string }): void {
    this.#transactions.within(() => this.platformRows.write(row));
    if (isSetupObject(row.object)) this.permissions.forget();
  }

  standardPriceBook(): string {
    return this.#transactions.within(() => standardPriceBook(this.platformRows));
  }

  removePlatformRow(object: string, id: string): void {
    this.#transactions.within(() => this.platformRows.remove(object, id));
    if (isSetupObject(object)) this.permissions.forget();
  }

  isolatedCopy(): LocalStore {
    const { schema, orgId } = this;
    const database = isolatedCopy(this.#database, schema);
    const store = new LocalStore({ database, schema, clock: this.#clock, orgId, sizes: this.#sizes });
    store.platformRows.owner = this.platformRows.owner;
    return store;
  }

  /** A store in memory with everything that is in this one, on a clock of its own. */
  copy(clock: Clock): LocalStore {
    if (this.#transactions.isOpen) throw new Error('A transaction is open: a store is copied between transactions');
    const { schema, orgId } = this;
    const copy = new LocalStore({ database: this.#database.copy(), schema, clock, orgId, sizes: new Map(this.#sizes) });
    copy.platformRows.owner = this.platformRows.owner;
    return copy;
  }

  /** What takes this store's place when `load` has loaded another schema into its database, in one transaction. */
  reloaded(load: (database: Database, open: (schema: Schema) => LocalStore) => LocalStore): LocalStore {
    if (this.#transactions.isOpen) throw new Error('A transaction is open: metadata is loaded between transactions');
    const deps = {
      database: this.#database,
      clock: this.#clock,
      orgId: this.orgId,
      listeners: this.#listeners,
      sizes: this.#sizes,
      locks: this.locks,
    };
    const open = (schema: Schema): LocalStore => {
      const store = new LocalStore({ ...deps, schema });
      store.platformRows.owner = this.platformRows.owner;
      return store;
    };
    try {
      return this.#database.within(() => load(this.#database, open));
    } catch (error) {
      this.claimFunctions();
      throw error;
    }
  }

  /** The functions that SQL calls belong to the database: those of the store in use count. */
  claimFunctions(): void {
    defineFunctions(this.#database, this.schema, this.#formulas);
  }

  /** Brings roll-up summaries in line with the metadata that was loaded. */
  recalculateSummaries(): void {
    const { records, details } = this.#services;
    recalculateSummaries({ database: this.#database, schema: this.schema, records, details });
  }

  /** Writes the counters of ids down, outside a commit. */
  saveSequences(): void {
    this.#sequences.save();
  }

  close(): void {
    this.#database.close();
  }
}
