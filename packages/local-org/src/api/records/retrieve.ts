/** Records of one type by id, in the order of the ids; null for those that are not there. */
import type { Answer, Call } from '../call.ts';
import { noSuchColumn } from './row-from-json.ts';
import { rowToJson } from './row-to-json.ts';
import { objectNamed } from '../validations/sobject.ts';

export const retrieve = (call: Call, ids: string[], fields: string[]): Answer => {
  const { store } = call.deps;
  const object = objectNamed(call, call.params.type!);
  for (const name of fields) {
    if (!name.includes('.') && !object.fields.has(name.toLowerCase())) throw noSuchColumn(name, object);
  }
  const normal = ids.map((id) => store.normalizeId(id));
  const { rows } = store.query(`SELECT ${fields.join(', ')} FROM ${object.name} WHERE Id IN :ids`, {
    access: call.access,
    binds: { ids: normal.filter((id) => id !== null) },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const records = normal.map((id) => {
    const row = id && byId.get(id);
    return row ? rowToJson(row, store.schema, call.base) : null;
  });
  return { status: 200, body: records };
};
