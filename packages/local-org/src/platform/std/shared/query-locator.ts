/** Database.QueryLocator: a query to run later, or records that are there already. */
import type { PlatformRuntime, QueryOptions } from '../../services.ts';
import type { ApexList } from '../../values/index.ts';
import { NativeObject } from '../../values/index.ts';

export class QueryLocator extends NativeObject {
  /** Null for a locator made of records. */
  readonly soql: string | null;
  readonly options: QueryOptions;
  readonly #records: ApexList | null;

  constructor(soql: string | null, options: QueryOptions, records: ApexList | null = null) {
    super('Database.QueryLocator');
    this.soql = soql;
    this.options = options;
    this.#records = records;
  }

  /** Its records, queried now unless they were given. */
  fetch($: PlatformRuntime): ApexList {
    return this.#records ?? ($.services.query(this.soql!, this.options) as ApexList);
  }
}
