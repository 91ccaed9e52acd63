/** Local variables for the binds of a dynamic query: `Database.query('… WHERE Id IN :ids')`. */
import type { Apex } from '../types.ts';

/** Passed as a last, extra argument by compiled calls of Database.query, countQuery and getQueryLocator. */
export class LocalBinds {
  readonly values: Record<string, Apex>;

  constructor(values: Record<string, Apex>) {
    this.values = values;
  }
}
