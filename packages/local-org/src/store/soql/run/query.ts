import type { Clock } from 'kernel/clock.ts';
import type { Database } from '../../database/database.ts';
import type { Permissions } from '../../permissions/permissions.ts';
import { queryLockError, type RowLocks } from '../../row-locks.ts';
import { StoreError } from '../../types.ts';
import type { QueryDescription, QueryFeature, QueryOptions, QueryResult, Schema } from '../../types.ts';
import type { Bind, Query } from '../ast.ts';
import { bindsOf, shapesOf } from '../binds.ts';
import { parseSoql } from '../parse/parse.ts';
import { planQuery } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { PlanScope, type Touched } from '../plan/scope.ts';
import type { RunContext } from '../plan/sql.ts';
import { refuseUnlessSelective, type Sizes } from '../selectivity/selectivity.ts';
import { checkAccess } from './access.ts';
import { attachChildren, readAggregate, readRow } from './read-rows.ts';

/** An aggregate query with groups answers with at most this many (SOQL and SOSL reference). */
const MAX_GROUPS = 2000;
/** Parsed queries and plans kept; the oldest is dropped when there are more. */
const CACHE_LIMIT = 2000;

interface Parsed {
  query: Query;
  binds: Bind[];
}

interface Planned {
  plan: Plan;
  touched: Touched[];
}

/** On whose behalf a query is planned. */
interface Asking {
  userId: string;
  userMode: boolean;
  /** Lower-cased names of the objects of which sharing hides rows. */
  restricted: ReadonlySet<string>;
  allRows: boolean;
  tooling: boolean;
}

/** Runs SOQL. Parsed texts and plans are kept, so repeating a query with other binds costs only its SQL. */
export class Queries {
  readonly #database: Database;
  readonly #schema: Schema;
  readonly #clock: Clock;
  readonly #permissions: Permissions;
  readonly #sizes: Sizes;
  readonly #locks: RowLocks;
  readonly #parsed = new Map<string, Parsed>();
  readonly #planned = new Map<string, Planned>();

  constructor(deps: {
    database: Database;
    schema: Schema;
    clock: Clock;
    permissions: Permissions;
    sizes: Sizes;
    locks: RowLocks;
  }) {
    this.#database = deps.database;
    this.#schema = deps.schema;
    this.#clock = deps.clock;
    this.#permissions = deps.permissions;
    this.#sizes = deps.sizes;
    this.#locks = deps.locks;
  }

  run(text: string, options: QueryOptions): QueryResult {
    const { query, plan, shapes } = this.#prepare(text, options);
    const { userId } = options.access;
    const context: RunContext = {
      binds: options.binds ?? {},
      now: this.#clock.now(),
      userId,
      parentIds: '[]',
      visibleOwners: () => JSON.stringify(this.#permissions.visibleOwners(userId)),
    };
    if (this.#sizes.size > 0 && options.chunked !== true) {
      const asked = { query, object: plan.object, shapes, context, inTrigger: options.inTrigger === true };
      refuseUnlessSelective(this.#database, this.#schema, this.#sizes, asked);
    }
    const result = this.#execute(plan, context);
    if (query.forUpdate && this.#locks.unavailable(result.rows.flatMap(({ id }) => id ?? [])).size > 0)
      throw queryLockError();
    return result;
  }

  describe(text: string, options: QueryOptions): QueryDescription {
    const { query, plan } = this.#prepare(text, options);
    return { object: plan.object.name, columns: plan.columns, features: featuresOf(query, plan) };
  }

  /** The plan of a query, when the user may run it. */
  #prepare(text: string, options: QueryOptions): { query: Query; plan: Plan; shapes: ReturnType<typeof shapesOf> } {
    const { query, binds } = this.#parse(text);
    const { userId } = options.access;
    const userMode = query.mode === 'USER_MODE' || (query.mode !== 'SYSTEM_MODE' && options.access.mode === 'user');
    const sharing = userMode || options.access.sharing;
    const restricted = sharing ? this.#permissions.restrictedObjects(userId) : new Set<string>();
    const asking: Asking = {
      userId,
      userMode,
      restricted,
      allRows: options.allRows === true || query.allRows,
      tooling: options.tooling === true,
    };
    const shapes = shapesOf(binds, options.binds);
    const { plan, touched } = this.#plan(query, shapes, asking);
    if (userMode || query.mode === 'SECURITY_ENFORCED') {
      checkAccess(this.#permissions, userId, text, touched, query.mode);
    }
    return { query, plan, shapes };
  }

  #execute(plan: Plan, context: RunContext): QueryResult {
    const rows = this.#database.all(
      plan.sql.text,
      plan.sql.params.map((param) => param(context)),
    );
    const { object } = plan;
    if (plan.countOnly)
      return { rows: [], count: Number(rows[0]![0]), object: object.name, rowsCounted: 1, aggregate: false };
    if (plan.aggregate) {
      if (plan.grouped && rows.length > MAX_GROUPS) throw tooManyGroups();
      const counted =
        plan.rowsColumn === null ? rows.length : rows.reduce((sum, row) => sum + Number(row[plan.rowsColumn!]), 0);
      return {
        rows: rows.map((row) => readAggregate(row, plan.shape)),
        object: object.name,
        rowsCounted: counted,
        aggregate: true,
      };
    }
    const records = rows.map((row) => readRow(row, plan.shape, object.name));
    const children = plan.children.map((child) => attachChildren(this.#database, child, records, context));
    return {
      rows: records,
      object: object.name,
      rowsCounted: children.reduce((sum, count) => sum + count, records.length),
      aggregate: false,
    };
  }

  #parse(text: string): Parsed {
    return cached(this.#parsed, text, () => {
      const query = parseSoql(text);
      return { query, binds: bindsOf(query) };
    });
  }

  #plan(
    query: Query,
    shapes: ReturnType<typeof shapesOf>,
    { userId, userMode, restricted, allRows, tooling }: Asking,
  ): Planned {
    const make = (readable?: PlanScope['readable']): Planned => {
      const given = { schema: this.#schema, text: query.text, shapes, restricted, allRows, tooling };
      const scope = new PlanScope({ ...given, ...(readable && { readable }) });
      return { plan: planQuery(scope, query), touched: scope.touched };
    };
    // What FIELDS() stands for depends on the user, whose permissions may change.
    if (userMode && usesFields(query)) {
      return make((object, field) => this.#permissions.field(userId, object.name, field.name, 'read'));
    }
    const key = [
      query.text,
      [...shapes.values()].join(),
      [...restricted].join(),
      String(allRows),
      String(tooling),
    ].join('\n');
    return cached(this.#planned, key, () => make());
  }
}

const featuresOf = (query: Query, plan: Plan): ReadonlySet<QueryFeature> => {
  const used: [QueryFeature, boolean][] = [
    ['aggregates', plan.aggregate],
    ['GROUP BY', query.groupBy.length > 0],
    ['OFFSET', query.offset !== null],
    ['children', plan.children.length > 0],
    ['FIELDS()', usesFields(query)],
  ];
  return new Set(used.flatMap(([feature, is]) => (is ? [feature] : [])));
};

const usesFields = (query: Query): boolean =>
  query.select.some((item) => item.kind === 'fields' || (item.kind === 'children' && usesFields(item.query)));

function cached<V>(cache: Map<string, V>, key: string, make: () => V): V {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (cache.size >= CACHE_LIMIT) cache.delete(cache.keys().next().value!);
  cache.set(key, made);
  return made;
}

const tooManyGroups = (): StoreError =>
  new StoreError(
    'EXCEEDED_ID_LIMIT',
    'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
  );
