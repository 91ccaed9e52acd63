import { isDatabaseUnavailable } from './errors.ts';
import { SchemaIsNewer, unknownTo, type KnownMigrations } from './migrate.ts';
import type { Database } from './types.ts';

/** How often a program that works looks whether a newer one has migrated its database: nothing that it does may tell. */
export const SCHEMA_CHECK_MS = 10_000;

/** For people, of a program that works on beside a newer one. */
export const besideLine = (migrations: readonly string[]): string =>
  `a newer program has applied ${migrations.join(', ')}, and this one may work beside it; upgrade it, too`;

/** What watches, for a program that works, whether a newer one has migrated its database. */
export interface SchemaGuard {
  /**
   * The database as the program may use it. Once it is of a newer program all work is refused (SchemaIsNewer, for which the
   * database is away). Work that fails has the guard look first: an error that only a newer schema explains is no verdict on
   * the values of the work.
   */
  db: Database;
  /** Looks now. Rejects with SchemaIsNewer, or when the database is away. */
  check: () => Promise<void>;
  /** Resolves when the program has to end. */
  outdated: Promise<SchemaIsNewer>;
}

/**
 * Guards a database. `onBeside` is told once of migrations that a newer program has applied and that the program may
 * work beside.
 */
export const guardSchema = (
  inner: Database,
  known: readonly KnownMigrations[],
  onBeside: (migrations: readonly string[]) => void,
): SchemaGuard => {
  const outdated = Promise.withResolvers<SchemaIsNewer>();
  let newer: SchemaIsNewer | null = null;
  let isTold = false;
  const tell = (beside: readonly string[]): void => {
    if (isTold || beside.length === 0) return;
    isTold = true;
    onBeside(beside);
  };
  tell(known.flatMap(({ beside }) => beside));

  const check = async (): Promise<void> => {
    for (const each of known) {
      const { beside, against } = await unknownTo(inner, each);
      if (against.length > 0) {
        newer ??= new SchemaIsNewer(each.part, against);
        outdated.resolve(newer);
        throw newer;
      }
      tell(beside);
    }
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (newer) throw newer;
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) await check();
      throw error;
    }
  };
  return {
    db: {
      ...inner,
      query: (text, parameters) => guarded(() => inner.query(text, parameters)),
      transaction: (work, options) => guarded(() => inner.transaction(work, options)),
      script: (text) => guarded(() => inner.script(text)),
    },
    check,
    outdated: outdated.promise,
  };
};
