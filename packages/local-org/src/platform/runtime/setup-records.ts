/** Records of custom metadata types and custom settings, for getInstance() and getAll(). */
import type { SObject } from '../values/index.ts';
import { fromQuery } from './records.ts';
import type { RuntimeView } from './view.ts';

/** All records with all fields. Reading them costs nothing and regards no permissions, as on the platform. */
export const setupRecords = ($: RuntimeView, name: string): SObject[] => {
  const { transaction, setupCache } = $.core;
  const { store } = transaction;
  const object = store.schema.objects.get(name.toLowerCase());
  if (!object) throw new Error(`${name} is not an object of the org`);
  const known = setupCache.get(object.name);
  if (known) return known.map((record) => record.clone(true, true, true, true));
  const fields = [...object.fields.values()].map((field) => field.name).join(', ');
  const { rows } = store.query(`SELECT ${fields} FROM ${object.name}`, { access: transaction.access('system') });
  const records = rows.map((row) => fromQuery(store.schema, row));
  // Custom settings may change within a transaction, custom metadata cannot.
  if (object.kind === 'customMetadata') setupCache.set(object.name, records);
  return records;
};
