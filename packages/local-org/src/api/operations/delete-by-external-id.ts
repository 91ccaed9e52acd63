/** DELETE /sobjects/Case/Key__c/abc: 204 without a body. */
import type { Operation } from '../call.ts';
import { notFound } from '../errors.ts';
import { externalIdOf, multipleChoices } from '../records/external-id.ts';
import { saveOne } from '../records/save-one.ts';

export const deleteByExternalId: Operation = {
  method: 'DELETE',
  path: '/sobjects/:type/:field/:value',
  run(call) {
    const { object, field, value } = externalIdOf(call);
    const { rows } = call.deps.store.query(`SELECT Id FROM ${object.name} WHERE ${field.name} = :value LIMIT 200`, {
      access: call.access,
      binds: { value },
    });
    if (rows.length === 0) throw notFound();
    if (rows.length > 1) return multipleChoices(call, rows);
    saveOne(call, 'delete', { object: object.name, id: rows[0]!.id, values: new Map() });
    return { status: 204 };
  },
};
